"""The article zone of a page: the blocks below the headline, inside the element with the prose of the article.

It does not depend on the text that an extractor selects, and so shows how much of the article that text may lack.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from wherefrom.index.cleaning.block_features import is_sentence
from wherefrom.index.cleaning.body.html.page import MAX_LINKED_SHARE, HtmlPage, ancestors
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.sources.html_elements import Element

# Smallest number of words of prose of an `article` element around the headline that contains the whole article.
MIN_ARTICLE_WORDS = 60
WORD = re.compile(r"\w+")
RUN_WORDS = 4
MAX_REPEATED_SHARE = 0.8


def article_zone(page: HtmlPage) -> list[int]:
    """Return the indices of the blocks that may belong to the article, in order.

    They are between the headline and that of the next article, outside regions of boilerplate. Without a headline they
    are all blocks outside such regions.
    """
    start, inside = 0, None
    if page.headline is not None:
        start = page.headline + 1
        inside = page.inside(_article_element(page, page.headline))
    return [
        index
        for index in range(start, next_headline(page))
        if page.runs[index].shown
        and page.blocks[index].text
        and page.region(index) is None
        and (inside is None or page.runs[index].container.number in inside)
    ]


def zone_rules(page: HtmlPage, zone: Sequence[int]) -> list[str | None]:
    """Return the rule of each block when the rules for text select the body from the zone."""
    rules: list[str | None] = ["not-main-content"] * len(page.blocks)
    for index, rule in zip(zone, body_rules([page.blocks[index] for index in zone]), strict=True):
        linked = page.runs[index].linked > MAX_LINKED_SHARE
        rules[index] = rule or ("teaser" if linked else None)
    return rules


def add_siblings(page: HtmlPage, zone: Sequence[int], selected: Sequence[bool]) -> list[int]:
    """Return the indices of the blocks of the zone that were not selected but are siblings of selected prose.

    These are sentences in elements of the same kind as selected prose, since pages divide an article into several
    containers with advertisements between them; and prose between selected prose, in or next to the same elements.
    """
    chosen = [index for index in zone if selected[index] and page.prose[index]]
    containers = [page.runs[index].container for index in chosen]
    kinds = {container.kind for container in containers}
    around = Counter(container.parent.number for container in containers if container.parent is not None)
    return [
        index
        for index in zone
        if not selected[index]
        and page.boilerplate[index] is None
        and page.runs[index].linked <= MAX_LINKED_SHARE
        and (
            (page.runs[index].container.kind in kinds and is_sentence(page.blocks[index].features))
            or (page.prose[index] and chosen[0] < index < chosen[-1] and _is_beside(page.runs[index].container, around))
        )
    ]


def _is_beside(container: Element, around: Mapping[int, int]) -> bool:
    """Return whether several blocks of selected prose are in children of an element, or of its parent."""
    outer = container.parent.number if container.parent is not None else container.number
    return around.get(container.number, 0) > 1 or around.get(outer, 0) > 1


def prose_words(page: HtmlPage, zone: Sequence[int], selected: Sequence[bool]) -> int:
    """Return the number of words of the selected prose of the zone."""
    return sum(page.prose[index] for index in zone if selected[index])


def distinct_prose(page: HtmlPage, zone: Sequence[int], selected: Sequence[bool]) -> int:
    """Return the number of distinct runs of RUN_WORDS words in the selected prose of the zone.

    It approximates the number of words without repetitions: pages have copies of their article for machines or for
    other window widths.
    """
    seen: set[tuple[str, ...]] = set()
    for index in zone:
        if selected[index] and page.prose[index]:
            seen.update(_runs_of_words(page.blocks[index].text))
    return len(seen)


def drop_repeats(page: HtmlPage, rules: Sequence[str | None]) -> list[str | None]:
    """Return the rules with "repeat" for prose of which most runs of words occur in prose above it."""
    seen: set[tuple[str, ...]] = set()
    result = list(rules)
    for index, rule in enumerate(rules):
        if rule is None and page.prose[index]:
            runs = _runs_of_words(page.blocks[index].text)
            if sum(run in seen for run in runs) > MAX_REPEATED_SHARE * len(runs):
                result[index] = "repeat"
            seen.update(runs)
    return result


def _runs_of_words(text: str) -> list[tuple[str, ...]]:
    words = WORD.findall(text)
    return list(zip(*(words[shift:] for shift in range(RUN_WORDS)), strict=False))


def text_words(page: HtmlPage, zone: Sequence[int], selected: Sequence[bool]) -> int:
    """Return the number of words of the selected blocks of the zone that are not mostly links."""
    blocks = (index for index in zone if selected[index] and page.runs[index].linked <= MAX_LINKED_SHARE)
    return sum(page.blocks[index].features.words for index in blocks)


def _article_element(page: HtmlPage, headline: int) -> Element:
    """Return the element that contains the article of a headline.

    From the headline outwards, it is the last element with at least twice the prose of the elements inside it. The
    search ends at an `article` with at least MIN_ARTICLE_WORDS of prose.
    """
    found = page.runs[headline].container
    words = 0.0
    for element in ancestors(found):
        here = page.words[element.number]
        if here >= 2 * words:
            found = element
        words = max(words, here)
        if element.name == "article" and here >= MIN_ARTICLE_WORDS:
            break
    return found


def next_headline(page: HtmlPage) -> int:
    """Return the index of the headline of another article below, as on a page with infinite scrolling.

    Without one, return the number of blocks.
    """
    if page.headline is None or page.runs[page.headline].element != "h1":
        return len(page.blocks)
    kind, text = page.runs[page.headline].container.kind, page.blocks[page.headline].text
    for index in range(page.headline + 1, len(page.blocks)):
        if page.runs[index].container.kind == kind and page.blocks[index].text != text and page.runs[index].shown:
            return index
    return len(page.blocks)
