"""Every range of a text maps back to the source slices that read as it."""

import html

from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.types import Span

PIECES = st.sampled_from(["&amp;", "&nbsp;", " ", "\n", "one", "two.", "&lt", "&#233;", "&", "é", "&#1;"])


@given(st.lists(st.lists(PIECES, min_size=1).map("".join), min_size=1, max_size=4), st.data())
def test_the_segments_of_any_range_read_as_that_range(parts: list[str], data: st.DataObject) -> None:
    text, segments = "", []
    for part in parts:
        segments.append(Span(start=len(text), end=len(text) + len(part)))
        text += f"{part}<b>"
    offset_map = OffsetMap.build(text, tuple(segments), "text/html")
    words = offset_map.text.split(" ") if offset_map.text else []
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    expected = " ".join(words[first : last + 1])
    start = len(" ".join([*words[:first], ""]))
    spans = offset_map.segments(start, start + len(expected))
    assert " ".join(html.unescape("".join(text[span.start : span.end] for span in spans)).split()) == expected
    assert all(span.start < span.end for span in spans)
