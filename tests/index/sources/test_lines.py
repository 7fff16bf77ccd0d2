from wherefrom.index.sources.lines import split_lines


def test_lines_are_numbered_as_in_an_editor() -> None:
    text = "one\r\ntwo\rthree\n\nfive"
    lines = list(split_lines(text))
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]
    assert [text[line.start : line.end] for line in lines] == ["one", "two", "three", "", "five"]


def test_a_line_excludes_the_white_space_around_it() -> None:
    (line,) = split_lines("\t\xa0 word \u2003")
    assert (line.start, line.end, line.indent) == (3, 7, 3)


def test_a_unicode_separator_does_not_end_a_line() -> None:
    assert len(list(split_lines("one\u2028two\x85three\x0cfour"))) == 1


def test_a_line_of_white_space_is_blank() -> None:
    assert [line.blank for line in split_lines(" \t\nword")] == [True, False]
