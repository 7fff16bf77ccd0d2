from wherefrom.index.answering.page_boxes import boxes_of
from wherefrom.index.extraction import Box, ExtractedPage
from wherefrom.index.types import PageBoxes, Span


def line(start: int, end: int, top: float) -> Box:
    return Box(start=start, end=end, left=100.0, top=top, right=200.0, bottom=top + 12)


PAGES = (
    ExtractedPage(number=1, width=612, height=792, start=0, end=40, boxes=(line(0, 20, 90), line(20, 40, 102))),
    ExtractedPage(number=2, width=612, height=792, start=42, end=62, boxes=(line(42, 62, 90),)),
)


def test_a_whole_line_has_its_whole_box() -> None:
    assert boxes_of(PAGES, [Span(start=0, end=20)]) == (PageBoxes(page=1, boxes=((100.0, 90, 200.0, 102),)),)


def test_a_part_of_a_line_has_a_part_of_its_box() -> None:
    ((box,),) = (each.boxes for each in boxes_of(PAGES, [Span(start=5, end=15)]))
    assert box == (125.0, 90, 175.0, 102)


def test_segments_on_two_pages_have_boxes_on_both() -> None:
    found = boxes_of(PAGES, [Span(start=30, end=40), Span(start=42, end=52)])
    assert [each.page for each in found] == [1, 2]
    assert found[0].boxes == ((150.0, 102, 200.0, 114),)


def test_what_stands_on_no_line_has_no_boxes() -> None:
    assert boxes_of(PAGES, [Span(start=40, end=42)]) == ()
    assert boxes_of((), [Span(start=0, end=1)]) == ()
