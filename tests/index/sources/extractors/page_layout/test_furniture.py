from wherefrom.index.sources.extractors.page_layout.furniture import furniture_lines
from wherefrom.index.sources.extractors.page_layout.paragraphs import PageShape
from wherefrom.index.sources.extractors.page_layout.reading_order import Line
from wherefrom.index.sources.extractors.page_layout.runs import Run

SHAPE = PageShape(size=10.0, pitch=1.2)
HEIGHT = 800.0


def line(text: str, top: float, size: float = 10.0) -> Line:
    return Line([Run(text=text, left=72, top=top, right=72 + 5 * len(text), bottom=top + size, size=size)])


def page(number: int, *more: Line) -> tuple[float, list[Line]]:
    body = [line(f"Line {number} {chr(97 + at) * 20} of the text of this page.", 200 + 12 * at) for at in range(8)]
    return HEIGHT, [*more, *body]


def rules(*pages: tuple[float, list[Line]]) -> list[set[str]]:
    return [set(found.values()) for found in furniture_lines(pages, SHAPE)]


def test_a_line_at_the_top_that_differs_in_its_number_only_is_a_running_head() -> None:
    pages = [page(number, line(f"Harbour Gazette {number}", 40)) for number in range(3)]
    assert rules(*pages) == [{"running-head"}] * 3


def test_a_line_that_stands_elsewhere_on_each_page_is_no_running_head() -> None:
    pages = [page(number, line("Harbour Gazette", 30 + 30 * number)) for number in range(3)]
    assert rules(*pages) == [set()] * 3


def test_a_number_at_the_edge_of_a_single_page_is_its_number() -> None:
    for number in ("7", "- 7 -", "Page 7 of 12", "xii"):
        assert rules(page(1, line(number, 760))) == [{"page-number"}]
    assert rules(page(1, line("7 ferries", 760))) == [set()]


def test_a_page_that_repeats_another_says_nothing_of_heads() -> None:
    once = page(1, line("A chapter begins", 40))
    assert rules(once, once) == [set(), set()]


def test_small_lines_with_a_mark_at_the_bottom_are_footnotes() -> None:
    note = [line("1 The vote was on Monday,", 700, 7.0), line("in the town hall.", 708, 7.0)]
    height, lines = page(1)
    found = furniture_lines([(height, [*lines, *note])], SHAPE)
    assert list(found[0].values()) == ["footnote", "footnote"]


def test_small_lines_without_a_mark_are_text() -> None:
    height, lines = page(1)
    assert rules((height, [*lines, line("The vote was on Monday.", 700, 7.0)])) == [set()]


def test_an_address_in_the_last_line_of_the_text_is_no_foot() -> None:
    text = [line(f"Line {number} of the text.", 640 + 12 * number) for number in range(8)]
    assert rules((HEIGHT, [*text, line("https://example.org/a", 736)])) == [set()]
    assert rules((HEIGHT, [*text, line("https://example.org/a", 760)])) == [{"running-foot"}]


def test_words_beside_a_page_number_are_furniture_in_whatever_column() -> None:
    number, name = line("14", 760), line("Harbour Magazine", 761)
    name.left, name.right, name.column = 400, 480, 1
    assert rules(page(1, number, name)) == [{"page-number"}]
    found = furniture_lines([page(1, number, name)], SHAPE)[0]
    assert set(found) == {0, 1}
