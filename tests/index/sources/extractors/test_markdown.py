"""Markdown: the words without their marks; front matter is metadata."""

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.markdown import extract_text


def lines(text: str) -> list[str]:
    return extract_text(text.encode(), "a.md").text.strip().split("\n\n")


def test_marks_are_left_out_and_words_are_in() -> None:
    assert lines("A [link](http://x.example), **bold**, `co*de*`, ~~old~~ and ![alt](a.jpg)an image.") == [
        "A link, bold, co*de*, old and an image."
    ]


def test_lines_of_a_paragraph_are_joined() -> None:
    assert lines("One\nline\\\nmore  \nend.\n\n港湾局は\n閉鎖する。") == ["One line more end.", "港湾局は閉鎖する。"]


def test_headings_are_told() -> None:
    extracted = extract_text(b"# One\n\nText.\n\nTwo\n---\n\nMore.", "a.md")
    assert {extracted.text[start:].split("\n")[0] for start in extracted.headings} == {"One", "Two"}


def test_items_keep_their_numbers_and_bullets_are_alike() -> None:
    assert lines("- [x] one\n- two\n\n  goes on\n\n3. three\n4. four") == [
        "• one",
        "• two",
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
        "Two three four",
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
