"""Markdown: the words without their marks; front matter is metadata."""

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.markdown import extract_text


def lines(text: str) -> list[str]:
    extracted = extract_text(text.encode(), "a.md")
    assert extracted.text == text
    assert extracted.in_source is not None
    return [
        " ".join("".join(text[span.start : span.end] for span in spans).split())
        for spans in extracted.in_source.paragraphs
    ]


def test_marks_are_left_out_and_words_are_in() -> None:
    assert lines("A [link](http://x.example), **bold**, `co*de*`, ~old and ![alt](a.jpg)an image.") == [
        "A link, bold, co*de*, ~old and an image."
    ]


def test_deleted_text_is_left_out_and_raised_digits_make_no_other_number() -> None:
    assert lines("It is ~~open~~ **closed**, <del>he</del> <s class='x'>they</s> she said.") == [
        "It is closed, she said."
    ]
    text = (
        "It cost 10<sup>6</sup> euros in 1907<sup>1</sup>, or 5 m<sup>2</sup> of it.<sup>2</sup> So 14.2<sup>3</sup>."
    )
    assert lines(text) == ["It cost euros in 1907, or 5 m2 of it. So 14.2."]


def test_lines_of_a_paragraph_are_joined() -> None:
    assert lines("One\nline\\\nmore  \nend.\n\n港湾局は\n閉鎖する。") == ["One line more end.", "港湾局は閉鎖する。"]


def test_headings_are_told() -> None:
    extracted = extract_text(b"# One\n\nText.\n\nTwo\n---\n\nMore.", "a.md")
    assert {extracted.text[start:].split("\n")[0] for start in extracted.headings} == {"One", "Two"}


def test_emphasis_may_be_nested_and_is_not_inside_words_or_code() -> None:
    text = "a **b *c* d** snake_case_word \\*e* `x*y` *z* 2 * 3"
    assert lines(text) == ["a b c d snake_case_word *e* x*y z 2 * 3"]


def test_offsets_count_in_files_with_any_line_ends() -> None:
    text = "# One\n\n> Two\n> more\n\n```\nx\n```\n"
    for end in ("\n", "\r\n", "\r"):
        assert lines(text.replace("\n", end)) == ["One", "Two more", "x"]
    assert lines("---\r\ntitle: A\r\n---\r\n\r\nText.\r\n") == ["Text."]


def test_items_keep_their_marks() -> None:
    assert lines("- [x] one\n- two\n\n  goes on\n\n3. three\n4. four") == [
        "- one",
        "- two",
        "goes on",
        "3. three",
        "4. four",
    ]


def test_rows_are_lines() -> None:
    assert lines("| a | b |\n|---|---|\n| c | d |") == ["a | b", "c | d"]


def test_notes_stand_at_the_end() -> None:
    text = "One[^a] more[^2] and [^none].\n\n[^a]: The note\n    goes on.\n\n    And on.\n[^2]: Second.\n\nLast."
    assert lines(text) == ["One more and [^none].", "Last.", "The note goes on.", "And on.", "Second."]


def test_html_is_read_as_html() -> None:
    assert lines("<div><p>One</p>\n<script>no()</script></div>\n\nTwo<br>three <b>four</b><!-- no -->") == [
        "One",
        "Two",
        "three four",
    ]


def test_links_of_wikis_and_callouts() -> None:
    assert lines("See [[page|the words]] and [[Page]].\n\n![[embedded.png]]\n\n> [!note] Title\n> Text.") == [
        "See the words and Page.",
        "Title Text.",
    ]


def test_front_matter_alone_is_refused() -> None:
    with pytest.raises(SourceRejected, match="below its front matter"):
        extract_text(b"---\ntitle: A\n---\n", "a.md")


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert lines("---\n\nJust text.\n\n---\n\nMore.") == ["Just text.", "More."]
