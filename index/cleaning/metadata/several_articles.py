"""Pages of several articles: an author or a date that only one of them states is not one of the page.

Each article has a heading of the same rank, a byline or a date below it, and prose of the body. In an extracted text a
byline or a date may be marked as a heading by its look; it is none of an article. The date below the
headline of a page stands above the headings of its sections, such as the entries of a live blog, and teasers of other
stories have no prose in the body; neither is an article here.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from wherefrom.index.cleaning.metadata.authors import authors_in_block
from wherefrom.index.cleaning.metadata.markup.headline_markup import marked_bylines
from wherefrom.index.cleaning.metadata.markup.marked_times import marked_time
from wherefrom.index.cleaning.metadata.page import Page
from wherefrom.index.cleaning.metadata.person_names import person_names
from wherefrom.index.cleaning.metadata.publication_date import dates_in_block
from wherefrom.index.sources.html_elements import HEADINGS
from wherefrom.index.types import Span

# A value is not used if another article without it has this number of words of the body, and all such articles have
# together at least this share of the words of the article with the value.
MIN_ARTICLE_WORDS = 20
MIN_OTHER_SHARE = 0.25
# The opening of an article: the blocks between its heading and the second block of its body.
MAX_OPENING_BLOCKS, MAX_OPENING_BODY_BLOCKS = 8, 2
Value = TypeVar("Value", str, date)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    """The days and authors below the heading of an article, and its number of words in the body."""

    heading: int
    days: frozenset[date]
    authors: frozenset[str]
    words: int


def holds_for_page(page: Page, values: frozenset[str] | frozenset[date], spans: Sequence[Span]) -> bool:
    """Return whether the authors or the days at these spans are those of the whole page, not of one of its articles."""
    starts = [block.start for block in page.blocks]
    above = bisect_left(starts, min(span.start for span in spans))
    heading = next((index for index in range(above - 1, -1, -1) if _is_heading(page, index)), None)
    if heading is None:
        return True
    articles = _articles(page, page.blocks[heading].element)
    own = next((each for each in articles if each.heading == heading), None)
    others = [each for each in articles if each.heading != heading and each.words >= MIN_ARTICLE_WORDS]
    if own is None or sum(each.words for each in others) < MIN_OTHER_SHARE * own.words:
        return True
    if all(_agree(own.days, each.days) and _agree(own.authors, each.authors) for each in others):
        return True
    return all(values <= (each.days | each.authors) for each in others)


def _agree(own: frozenset[str] | frozenset[date], other: frozenset[str] | frozenset[date]) -> bool:
    """Return whether an article does not state other values."""
    return not other or not own.isdisjoint(other)


def _articles(page: Page, element: str) -> list[_Article]:
    """Return the articles of a page whose headings are of this element."""
    headings = [
        index
        for index, block in enumerate(page.blocks[: page.last_body + 1])
        if block.element == element and block.text and _is_heading(page, index)
    ]
    if len(headings) == 1:
        return []
    days, authors = _marked_days(page), _marked_authors(page)
    found: list[tuple[int, frozenset[date], frozenset[str]]] = []
    for heading in headings:
        opening = _opening(page, heading)
        within = Span(start=page.blocks[heading].end, end=page.blocks[opening.stop - 1].end)
        dropped = [index for index in opening if page.rules[index] is not None]
        own_days = {each.day for index in dropped for each in dates_in_block(page, index)}
        own_authors = {each.value for index in dropped for each in authors_in_block(page, index)}
        own_days |= set(_within(days, within))
        own_authors |= set(_within(authors, within))
        if own_days or own_authors:
            found.append((heading, frozenset(own_days), frozenset(own_authors)))
    stops = [*(heading for heading, _, _ in found), page.last_body + 1][1:]
    return [
        _Article(heading=heading, days=stated, authors=names, words=_body_words(page, range(heading, stop)))
        for (heading, stated, names), stop in zip(found, stops, strict=True)
    ]


def _is_heading(page: Page, index: int) -> bool:
    """Return whether a block is marked as a heading, and in a text without markup is no byline and no date."""
    if page.blocks[index].element not in HEADINGS:
        return False
    return bool(page.markup) or not (any(dates_in_block(page, index)) or any(authors_in_block(page, index)))


def _opening(page: Page, heading: int) -> range:
    """Return the indices of the blocks from a heading to the second body block below it, or to the next heading."""
    body = 0
    stop = heading + 1
    while stop < min(heading + 1 + MAX_OPENING_BLOCKS, len(page.blocks)):
        body += page.rules[stop] is None
        if body == MAX_OPENING_BODY_BLOCKS or _is_heading(page, stop):
            break
        stop += 1
    return range(heading, stop)


def _body_words(page: Page, blocks: range) -> int:
    return sum(page.blocks[index].features.words for index in blocks if page.rules[index] is None)


def _marked_days(page: Page) -> list[tuple[int, date]]:
    times = (
        marked_time(page.text, page.markup, index)
        for index, token in enumerate(page.markup)
        if token.kind == "open" and token.name == "time"
    )
    return [(each.declared.span.start, each.day) for each in times if each and not each.is_change]


def _marked_authors(page: Page) -> list[tuple[int, str]]:
    bylines = marked_bylines(page.text, page.markup, range(len(page.markup)))
    return sorted((each.span.start, name) for each in bylines for name in person_names(each.value))


def _within(values: Sequence[tuple[int, Value]], span: Span) -> Iterator[Value]:
    """Yield the values whose position is in a span; they are in the order of their positions."""
    position = bisect_left(values, span.start, key=lambda each: each[0])
    while position < len(values) and values[position][0] < span.end:
        yield values[position][1]
        position += 1
