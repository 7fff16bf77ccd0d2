from tests.support.pages import BODY, page_of
from wherefrom.index.cleaning.metadata.page import found_in, last_found_in


def test_a_value_is_found_at_its_place_in_the_source() -> None:
    text = f"A  headline \t of AFP, by AFP\n{BODY}"
    page = page_of(text)
    found = found_in(page, 0, "headline of AFP")
    assert text[found.span.start : found.span.end] == "headline \t of AFP"
    last = last_found_in(page, 0, "AFP")
    assert last.span.end == text.index("\n")


def test_the_blocks_above_and_below_come_nearest_first() -> None:
    page = page_of(f"One thing\nAnother thing\n{BODY}\nA third thing\nA fourth thing\n")
    assert list(page.before(9)) == [1, 0]
    assert list(page.after(1)) == [page.last + 1]
