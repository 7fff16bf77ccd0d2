"""Segments map to the text that joining them and resolving their references gives."""

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
def test_html_maps_to_its_joined_segments_with_references_resolved(parts: list[str]) -> None:
    text, segments = "", []
    for part in parts:
        segments.append(Span(start=len(text), end=len(text) + len(part)))
        text += f"{part}<b>"
    joined = "".join(parts)
    characters = map_characters(text, segments, "text/html")
    assert characters.text == html.unescape(joined)
    assert len(characters.text) == len(characters.starts) == len(characters.ends)
    for index, character in enumerate(characters.text):
        assert character in html.unescape(joined[characters.starts[index] : characters.ends[index]])


def test_plain_text_maps_to_itself() -> None:
    characters = map_characters("a&amp;b", [Span(start=0, end=5), Span(start=6, end=7)], "text/plain")
    assert (characters.text, list(characters.starts), list(characters.ends)) == (
        "a&ampb",
        [0, 1, 2, 3, 4, 5],
        [1, 2, 3, 4, 5, 6],
    )
