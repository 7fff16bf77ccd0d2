"""The edges of printed pages in a text: page numbers, running headers and footers, which interrupt its paragraphs.

Pages end at form feeds; without any, after lines with only a page number that grows by one. A header or footer is a
line at the edge of a page that another page repeats, apart from its digits.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from wherefrom.index.sources.lines import Line

PAGE_NUMBER = re.compile(
    r"\W{0,4}(?:(?:page|seite|p\.)\s{1,3})?(\d{1,4})(?:\s{0,3}(?:/|of|von|de)\s{0,3}\d{1,4})?\W{0,4}", re.IGNORECASE
)
MAX_EDGE_CHARACTERS = 160
EDGE_LINES = 2
DIGITS = re.compile(r"\d+")


def page_edges(text: str, lines: Sequence[Line]) -> frozenset[int]:
    """Return the positions of the lines that are a page number, a running header or a running footer.

    The first lines of the first page are not among them, since they may be the title or the masthead.
    """
    pages = list(_pages(text, lines))
    if len(pages) < 2:  # noqa: PLR2004 - one page has no edges that another repeats
        return frozenset()
    first = {line.position for line in pages[0][:EDGE_LINES]}
    heads = [page[:EDGE_LINES] for page in pages]
    feet = [page[EDGE_LINES:][-EDGE_LINES:] for page in pages]
    return frozenset((*_numbers(text, pages), *_repeated(text, heads), *_repeated(text, feet))) - first


def _repeated(text: str, edges: Sequence[Sequence[Line]]) -> Iterator[int]:
    """Yield the positions of the lines that are at the edge of several pages, given the lines of each page."""
    pages = Counter(content for page in edges for content in {_normalised(text, line) for line in page})
    for line in chain.from_iterable(edges):
        content = _normalised(text, line)
        if content and pages[content] > 1:
            yield line.position


def _numbers(text: str, pages: Sequence[Sequence[Line]]) -> Iterator[int]:
    for page in pages:
        for line in (*page[:EDGE_LINES], *page[-EDGE_LINES:]):
            if _page_number(text, line) is not None:
                yield line.position


def _pages(text: str, lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each page, without blank ones."""
    ends = {line.position for line in lines if line.after == "page"}
    if not ends:
        numbered = [(line, number) for line in lines if (number := _page_number(text, line)) is not None]
        counting = [
            {first.position + 1, second.position + 1}
            for (first, one), (second, two) in pairwise(numbered)
            if two == one + 1
        ]
        ends = set().union(*counting)
    page: list[Line] = []
    for line in lines:
        if line.position in ends and page:
            yield page
            page = []
        if not line.blank:
            page.append(line)
    if page:
        yield page


def _page_number(text: str, line: Line) -> int | None:
    if line.blank or line.end - line.start > MAX_EDGE_CHARACTERS:
        return None
    match = PAGE_NUMBER.fullmatch(text, line.start, line.end)
    return int(match[1]) if match else None


def _normalised(text: str, line: Line) -> str:
    """Return a line without digits and surplus white space; empty if it is too long for a header or footer."""
    if line.end - line.start > MAX_EDGE_CHARACTERS:
        return ""
    return " ".join(DIGITS.sub("", text[line.start : line.end]).split())
