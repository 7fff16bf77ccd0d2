"""What stretches say is what anyone gets who joins them and resolves their references."""

import html

from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.sources.character_map import map_characters
from wherefrom.index.types import Span

PIECES = st.sampled_from(
    ["&", "&amp;", "&ampx", "&lt", ";", "#", "x41;", "&#65", "&#x1F600;", "&notit;", "&nbsp;", "&#0;", "&#1;", " ", "a",
     "&AT", "T. Next", "\xa0", "é", "&#xD800;", "<", "&CounterClockwiseContourIntegral;", "&acE;", "1"]
)  # fmt: skip


@given(st.lists(st.lists(PIECES).map("".join), max_size=6))
def test_html_says_what_it_says_when_it_is_joined_and_its_references_resolved(parts: list[str]) -> None:
    text, segments = "", []
    for part in parts:
        segments.append(Span(start=len(text), end=len(text) + len(part)))
        text += f"{part}<b>"
    joined = "".join(parts)
    read = map_characters(text, segments, "text/html")
    assert read.text == html.unescape(joined)
    assert len(read.text) == len(read.starts) == len(read.ends)
    for at, character in enumerate(read.text):
        assert character in html.unescape(joined[read.starts[at] : read.ends[at]])


def test_plain_text_says_what_stands_there() -> None:
    read = map_characters("a&amp;b", [Span(start=0, end=5), Span(start=6, end=7)], "text/plain")
    assert (read.text, list(read.starts), list(read.ends)) == ("a&ampb", [0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6])
