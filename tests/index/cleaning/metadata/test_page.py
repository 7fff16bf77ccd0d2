from tests.support.pages import BODY, page_of
from wherefrom.index.cleaning.metadata.page import find_in_block, find_last_in_block


def test_a_value_is_found_at_its_span_in_the_source() -> None:
    text = f"A  headline \t of AFP, by AFP\n{BODY}"
    page = page_of(text)
    first = find_in_block(page, 0, "headline of AFP")
    assert [text[span.start : span.end] for span in first.spans] == ["headline \t of AFP"]
    last = find_last_in_block(page, 0, "AFP")
    assert last.spans[-1].end == text.index("\n")


def test_blocks_above_and_below_are_nearest_first() -> None:
    page = page_of(f"One thing\nAnother thing\n{BODY}\nA third thing\nA fourth thing\n")
    assert list(page.blocks_above(9)) == [1, 0]
    assert list(page.blocks_below(1)) == [page.last_body + 1]
