import pytest

from wherefrom.index.sources.lines import escapes, has_escaped_line_ends, split_lines


def test_lines_are_numbered_as_in_an_editor() -> None:
    text = "one\r\ntwo\rthree\n\nfive"
    lines = list(split_lines(text))
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]
    assert [text[line.start : line.end] for line in lines] == ["one", "two", "three", "", "five"]


def test_a_line_excludes_the_white_space_around_it() -> None:
    (line,) = split_lines("\t\xa0 word \u2003")
    assert (line.start, line.end, line.indent) == (3, 7, 3)


def test_a_separator_ends_a_line_and_leaves_the_number_of_the_next_as_an_editor_shows_it() -> None:
    lines = list(split_lines("one\u2028two\x85three\x0cfour\u2029five\nsix"))
    assert [line.number for line in lines] == [1, 1, 1, 1, 1, 2]
    assert [line.position for line in lines] == [0, 1, 2, 3, 4, 5]
    assert [line.after for line in lines] == ["line", "line", "line", "page", "paragraph", "line"]


def test_escaped_line_ends_end_lines_where_a_text_has_no_others() -> None:
    text = r"one\n\ntwo\r\nThree"
    assert [text[line.start : line.end] for line in split_lines(text)] == ["one", "", "two", "Three"]


@pytest.mark.parametrize(
    "text", [r'{"content": "one\n\ntwo"}', r"the folder C:\new\names is full", "one\ntwo\nthree \\n four \\n five\nsix"]
)
def test_a_backslash_before_an_n_is_text_where_lines_end_otherwise(text: str) -> None:
    assert not has_escaped_line_ends(text)


def test_the_escapes_of_a_dump_are_found() -> None:
    text = r"one\n\nhe said \"two\"\nThree"
    assert [text[start:end] for start, end in escapes(text)] == [r"\n\n", "\\", "\\", r"\n"]


def test_a_line_of_white_space_is_blank() -> None:
    assert [line.blank for line in split_lines(" \t\nword")] == [True, False]
