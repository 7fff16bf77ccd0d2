"""Where on a page its article is: what follows the headline, inside the element that holds the article's prose.

It is known without the text that an extractor selects, and so tells how much of the article that text may lack.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from wherefrom.index.cleaning.block_features import is_sentence
from wherefrom.index.cleaning.body.html.page import MAX_LINKED_SHARE, HtmlPage, ancestors
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.sources.html_elements import Element

# An `article` element around the headline, with so many words of prose, holds all of the article.
MIN_ARTICLE_WORDS = 60
WORD = re.compile(r"\w+")
RUN_WORDS = 4
MAX_REPEATED_SHARE = 0.8


def article_zone(page: HtmlPage) -> list[int]:
    """Return the indices of the blocks that may be the article's, in order.

    They follow the headline, up to that of the next article, in no region of boilerplate. Without a headline they are
    all blocks outside such regions.
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
    """Return the rule of each block if the article is found by the rules for text, in the zone only."""
    rules: list[str | None] = ["not-main-content"] * len(page.blocks)
    for index, rule in zip(zone, body_rules([page.blocks[index] for index in zone]), strict=True):
        linked = page.runs[index].linked > MAX_LINKED_SHARE
        rules[index] = rule or ("teaser" if linked else None)
    return rules


def add_siblings(page: HtmlPage, zone: Sequence[int], selected: Sequence[bool]) -> list[int]:
    """Return the blocks of the zone that were not selected, but stand beside selected prose.

    These are sentences in elements of one kind with selected prose, since pages cut an article into several containers,
    between which they show advertisements; and prose between selected prose, in or beside the same elements.
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
    """Return whether an element, or the one around it, is the parent of several elements with selected prose."""
    outer = container.parent.number if container.parent is not None else container.number
    return around.get(container.number, 0) > 1 or around.get(outer, 0) > 1


def prose_words(page: HtmlPage, zone: Sequence[int], selected: Sequence[bool]) -> int:
    """Return the number of words of prose of the zone that are selected."""
    return sum(page.prose[index] for index in zone if selected[index])


def distinct_prose(page: HtmlPage, zone: Sequence[int], selected: Sequence[bool]) -> int:
    """Return the number of words of prose of the zone that are selected, without what repeats other prose.

    Pages hold copies of their article, for machines or for another width of the window.
    """
    seen: set[tuple[str, ...]] = set()
    for index in zone:
        if selected[index] and page.prose[index]:
            seen.update(_runs_of_words(page.blocks[index].text))
    return len(seen)


def drop_repeats(page: HtmlPage, rules: Sequence[str | None]) -> list[str | None]:
    """Return the rules of blocks, with one that drops prose of which most stands in prose above it."""
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
    """Return the number of words of the zone that are selected, in links excepted."""
    blocks = (index for index in zone if selected[index] and page.runs[index].linked <= MAX_LINKED_SHARE)
    return sum(page.blocks[index].features.words for index in blocks)


def _article_element(page: HtmlPage, headline: int) -> Element:
    """Return the element that holds the article whose headline this is.

    This is the innermost element around the headline from which on the elements farther out add less prose than it
    has; an `article` is not left if it has prose.
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
    """Return the index of the headline of another article below, such as on a page that scrolls on to the next one.

    It is the number of blocks if there is none.
    """
    if page.headline is None or page.runs[page.headline].element != "h1":
        return len(page.blocks)
    kind, text = page.runs[page.headline].container.kind, page.blocks[page.headline].text
    for index in range(page.headline + 1, len(page.blocks)):
        if page.runs[index].container.kind == kind and page.blocks[index].text != text and page.runs[index].shown:
            return index
    return len(page.blocks)
