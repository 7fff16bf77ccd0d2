"""JSON-LD declares metadata; each value has the span of the string that it was read from."""

import json

from tests.support.work import grows_linearly
from wherefrom.index.cleaning.metadata.markup.json_ld import DeclaredValue, read_json_ld
from wherefrom.index.types import Span


def declared_in(script: str) -> dict[str, tuple[DeclaredValue, ...]]:
    return dict(read_json_ld(script, [Span(start=0, end=len(script))]))


def test_each_value_has_the_span_of_the_first_string_that_stands_for_it() -> None:
    script = (
        '{"@type": "NewsArticle", "about": "Jane Doe", "headline": "Tom \\u0026 Jerry",'
        ' "author": ["Jane Doe", "A &amp; B", "C\\/D"], "publisher": {"name": "  The  Times "}}'
    )
    found = declared_in(script)
    shown = {name: [(each.value, script[each.span.start : each.span.end]) for each in found[name]] for name in found}
    assert shown["title"] == [("Tom & Jerry", "Tom \\u0026 Jerry")]
    assert shown["authors"] == [("Jane Doe", "Jane Doe"), ("A & B", "A &amp; B"), ("C/D", "C\\/D")]
    assert found["authors"][0].span.start == script.index("Jane Doe")
    assert shown["publisher"] == [("The Times", script)]  # no string is the value itself: the whole script


def test_many_authors_are_found_in_linear_time() -> None:
    single, double = (
        json.dumps({"@type": "NewsArticle", "headline": "Harbour", "author": [f"A{n}&O" for n in range(count)]})
        for count in (2_000, 4_000)
    )
    assert grows_linearly(declared_in, single, double)
