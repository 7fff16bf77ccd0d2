"""The builder of a text."""

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.reading.text_builder import MAX_TABLE_DEPTH, TextBuilder


def test_lines_have_blank_lines_between_them_and_headings_are_told() -> None:
    builder = TextBuilder("file")
    builder.add_text(" One\n head ")
    builder.end_paragraph("heading")
    builder.add_text("Item")
    builder.end_paragraph("item")
    assert builder.build() == ("One head\n\n• Item\n", frozenset({0}))


def test_a_text_that_is_too_long_is_refused() -> None:
    builder = TextBuilder("file", max_characters=10)
    builder.add_text("0123456789")
    with pytest.raises(SourceRejected, match="more than 10 characters"):
        builder.add_text("!")


def test_a_long_row_with_paragraphs_in_its_cells_is_the_layout_of_a_page() -> None:
    builder = TextBuilder("file")
    builder.begin_table()
    for paragraphs in (["a" * 400, "b" * 400], ["c"]):
        builder.begin_cell()
        for paragraph in paragraphs:
            builder.add_text(paragraph)
            builder.end_paragraph()
    builder.end_table()
    assert builder.build().text == f"{'a' * 400}\n\n{'b' * 400}\n\nc\n"


def test_tables_nested_too_deeply_are_paragraphs() -> None:
    builder = TextBuilder("file")
    depth = 50 * MAX_TABLE_DEPTH
    for number in range(depth):
        builder.begin_table()
        builder.begin_row()
        builder.begin_cell()
        builder.add_text(f"cell {number}")
    for _ in range(depth):
        builder.end_table()
    assert builder.build().text.split().count("cell") == depth


def test_half_characters_and_what_is_not_shown_are_replaced() -> None:
    builder = TextBuilder("file")
    builder.add_text("a\ud800b\u00adc\x00d\u00a0e")
    assert builder.build().text == "a\ufffdbcd e\n"
