"""Where on a page its article is: what follows the headline, inside the element that holds the article's prose.

It is known without the text that an extractor selects, and so tells how much of the article that text may lack.
"""

import re
from collections.abc import Sequence

from wherefrom.index.cleaning.block_features import is_sentence
from wherefrom.index.cleaning.body.html_page import MAX_LINKED_SHARE, HtmlPage, ancestors
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.sources.html_elements import Element

# An `article` element around the headline, with so many words of prose, holds all of the article.
MIN_ARTICLE_WORDS = 60
WORD = re.compile(r"\w+")
RUN_WORDS = 4


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
    """Return the blocks of the zone that were not selected, but are in elements of one kind with selected prose.

    Pages cut an article into several containers, between which they show advertisements.
    """
    kinds = {page.runs[index].container.kind for index in zone if selected[index] and page.prose[index]}
    return [
        index
        for index in zone
        if not selected[index]
        and page.runs[index].container.kind in kinds
        and page.boilerplate[index] is None
        and page.runs[index].linked <= MAX_LINKED_SHARE
        and is_sentence(page.blocks[index].features)
    ]


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
            words = WORD.findall(page.blocks[index].text)
            seen.update(zip(*(words[shift:] for shift in range(RUN_WORDS)), strict=False))
    return len(seen)


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
