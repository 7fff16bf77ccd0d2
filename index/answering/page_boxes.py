"""The place of a cited text on the pages of its source: the boxes of its characters, line by line."""

from collections.abc import Iterable, Iterator, Sequence

from wherefrom.index.extraction import Box, ExtractedPage
from wherefrom.index.types import BoxCorners, PageBoxes, Span

DECIMALS = 2
"""Boxes are in points; a hundredth of one is smaller than any screen shows."""


def boxes_of(pages: Iterable[ExtractedPage], segments: Sequence[Span]) -> tuple[PageBoxes, ...]:
    """Return the boxes around the characters at `segments`, for each page that has any, in order.

    A partly cited line gets the corresponding part of its box, as if all its characters were equally wide.
    """
    found = ((page.number, tuple(_boxes_on(page, segments))) for page in pages)
    return tuple(PageBoxes(page=number, boxes=boxes) for number, boxes in found if boxes)


def _boxes_on(page: ExtractedPage, segments: Sequence[Span]) -> Iterator[BoxCorners]:
    for box in page.boxes:
        inside = [(max(box.start, span.start), min(box.end, span.end)) for span in segments]
        inside = [(start, end) for start, end in inside if start < end]
        if inside:
            yield _part(box, inside[0][0], inside[-1][1])


def _part(box: Box, start: int, end: int) -> BoxCorners:
    width = (box.right - box.left) / (box.end - box.start)
    left, right = box.left + (start - box.start) * width, box.right - (box.end - end) * width
    return round(left, DECIMALS), round(box.top, DECIMALS), round(right, DECIMALS), round(box.bottom, DECIMALS)
