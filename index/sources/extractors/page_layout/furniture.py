"""Page furniture, which is not text of the document: running heads and feet, page numbers, footnotes.

A running head or foot is a line at the edge of pages that is the same on several of them, apart from its numbers.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from wherefrom.index.sources.extractors.page_layout.paragraphs import PageShape
from wherefrom.index.sources.extractors.page_layout.reading_order import CELL_MARK, Line

EDGE_LINES = 3
"""Number of lines at the top and at the bottom of a page that can be running heads or feet."""
# Maximum distance of a running head from the page's edge, as a share of the page's height, and maximum difference in
# points from its median position.
EDGE_SHARE = 0.16
MAX_DRIFT = 8.0
MIN_PAGES, MIN_PAGE_SHARE = 2, 0.3
MIN_REPEATED_LINES = 8
PAGE_NUMBER = re.compile(
    r"[-\u2013\u2014|\[(\s]*(?:(?:page|seite|p[áa]gina|str\.?|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,6})"
    r"(?:\s*(?:of|von|de|/|sur)\s*\d{1,4})?[-\u2013\u2014|\])\s.]*",
    re.IGNORECASE,
)
DIGITS = re.compile(r"\d+")
PRINT_MARK = re.compile(
    r"(?:\d{1,4}[/.-]\s?\d{1,2}[/.-]\s?\d{1,4},?\s\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?|(?:https?|file)://\S+)",
    re.IGNORECASE,
)
"""The day and the time of printing, or the address: browsers print these at the edges of each page."""
FOOTNOTE_MARK = re.compile(r"(?:\d{1,3}|[*†‡§¶]{1,3}|\[\d{1,3}\])\s{0,2}[^\s\d.,)]")
MAX_FOOTNOTE_SIZE = 0.93
"""Maximum font size of a footnote, as a share of that of the text."""
MIN_FOOTNOTE_POSITION = 0.5
"""Minimum position of a footnote from the top, as a share of the page's height."""
MIN_PAGE_LINES = 3
MIN_EDGE_GAP = 0.5
"""Minimum distance, in font sizes, between the text and a line with a page number and other words."""


def furniture_lines(pages: Sequence[tuple[float, Sequence[Line]]], shape: PageShape) -> list[dict[int, str]]:
    """Return for each page the rules of its furniture lines, by the line's index in reading order.

    A page is given by its height and its lines.
    """
    heads = _running_lines(pages)
    found: list[dict[int, str]] = []
    for number, (height, lines) in enumerate(pages):
        rules = dict(heads[number])
        rules |= dict(_print_marks(height, lines, rules))
        rules |= dict.fromkeys(_page_numbers(height, lines, rules), "page-number")
        rules |= dict.fromkeys(_footnotes(height, lines, rules, shape), "footnote")
        found.append(rules)
    return found


def _running_lines(pages: Sequence[tuple[float, Sequence[Line]]]) -> list[dict[int, str]]:
    places: defaultdict[tuple[str, str], list[tuple[int, int, float]]] = defaultdict(list)
    for number, (height, lines) in enumerate(pages):
        for index, edge in _edge_lines(height, lines):
            key = DIGITS.sub("#", " ".join(lines[index].text.casefold().split()))
            position = lines[index].top if edge == "running-head" else height - lines[index].bottom
            places[edge, key].append((number, index, position))
    found: list[dict[int, str]] = [{} for _ in pages]
    same = _repeated_pages(pages)
    for (edge, _), places_of_line in places.items():
        at = [each for each in places_of_line if each[0] not in same]
        if not at:
            continue
        usual = sorted(position for _, _, position in at)[len(at) // 2]
        near = [(number, index) for number, index, position in at if abs(position - usual) <= MAX_DRIFT]
        if len({number for number, _ in near}) >= max(MIN_PAGES, min(MIN_PAGE_SHARE * len(pages), 5)):
            for number, index in near:
                is_number = PAGE_NUMBER.fullmatch(pages[number][1][index].text)
                found[number][index] = "page-number" if is_number else edge
    return found


def _repeated_pages(pages: Sequence[tuple[float, Sequence[Line]]]) -> set[int]:
    """Return the indices of pages with mostly lines of earlier pages: these are no evidence of running heads."""
    seen: set[str] = set()
    repeated: set[int] = set()
    for number, (_, lines) in enumerate(pages):
        texts = {line.text for line in lines}
        if len(lines) >= MIN_REPEATED_LINES and len(texts & seen) > len(texts) / 2:
            repeated.add(number)
        seen |= texts
    return repeated


def _edge_lines(height: float, lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Yield the index and the edge of each line that may be a running head or foot."""
    order = sorted(range(len(lines)), key=lambda index: lines[index].top)
    for index in order[:EDGE_LINES]:
        if lines[index].bottom <= EDGE_SHARE * height:
            yield index, "running-head"
    for index in order[-EDGE_LINES:]:
        if lines[index].top >= (1 - EDGE_SHARE) * height:
            yield index, "running-foot"


def _print_marks(height: float, lines: Sequence[Line], rules: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """Yield the edge lines that a browser printed, with their rules: marks of printing with a gap to the text."""
    for index, edge in _edge_lines(height, lines):
        line = lines[index]
        gaps = (-_overlap(other, line) for other in lines)
        is_apart = min((gap for gap in gaps if gap > -line.size / 2), default=height) > MIN_EDGE_GAP * line.size
        is_printed = any(PRINT_MARK.fullmatch(cell) for cell in line.text.split(CELL_MARK))
        if index not in rules and is_apart and is_printed:
            yield index, edge


def _page_numbers(height: float, lines: Sequence[Line], rules: Mapping[int, str]) -> Iterator[int]:
    """Yield the outermost lines that are a page number, or a page number beside other words apart from the text."""
    rest = sorted((index for index in range(len(lines)) if index not in rules), key=lambda index: lines[index].top)
    if len(rest) < MIN_PAGE_LINES:
        return
    for outermost in (rest[0], rest[-1]):
        line = lines[outermost]
        if not (line.bottom <= EDGE_SHARE * height or line.top >= (1 - EDGE_SHARE) * height):
            continue
        beside = [index for index in rest if _overlap(lines[index], line) > MIN_EDGE_GAP * line.size]
        others = [lines[index] for index in rest if index not in beside]
        is_apart = all(-_overlap(other, line) > MIN_EDGE_GAP * line.size for other in others)
        cells = [cell for index in beside for cell in lines[index].text.split(CELL_MARK)]
        if is_apart and any(PAGE_NUMBER.fullmatch(cell) for cell in (cells[0], cells[-1])):
            yield from beside
        elif PAGE_NUMBER.fullmatch(line.text):
            yield outermost


def _overlap(line: Line, other: Line) -> float:
    """Return the height that two lines share, in points; the distance between them is negative."""
    return min(line.bottom, other.bottom) - max(line.top, other.top)


def _footnotes(height: float, lines: Sequence[Line], rules: Mapping[int, str], shape: PageShape) -> Iterator[int]:
    """Yield the small lines at the bottom of each column, starting with the first that has a footnote mark."""
    columns: defaultdict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if index not in rules:
            columns[line.column].append(index)
    for indices in columns.values():
        start = len(indices)
        while start and lines[indices[start - 1]].size <= MAX_FOOTNOTE_SIZE * shape.size:
            start -= 1
        small = indices[start:]
        first = next((at for at, index in enumerate(small) if FOOTNOTE_MARK.match(lines[index].text)), None)
        if first is not None and lines[small[first]].top >= MIN_FOOTNOTE_POSITION * height:
            yield from small[first:]
