"""The headline is the heading that the page's title repeats."""

import pytest

from wherefrom.index.cleaning.body.html.headline import find_headline
from wherefrom.index.cleaning.body.html.html_body import html_body
from wherefrom.index.sources.html_text_runs import split_text_runs
from wherefrom.index.sources.html_tokenizer import tokenize


def headline(page: str) -> str | None:
    markup = list(tokenize(page))
    runs = list(split_text_runs(page, markup))
    blocks = html_body(page, markup).blocks
    index = find_headline(page, markup, runs, blocks)
    return None if index is None else blocks[index].text


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<title>The bridge is closed - Courier</title>", "<h1>The bridge is closed</h1>", "The bridge is closed"),
        (
            "<title>The bridge is closed | The Courier</title>",
            "<h1>The Courier</h1><h2>The bridge is closed</h2>",
            "The bridge is closed",
        ),
        (
            "<meta property=og:title content='The &quot;bridge&quot;'>",
            '<h1>News</h1><h3>The "bridge"</h3>',
            'The "bridge"',
        ),
        ("<title>News</title>", "<h1>Closed for now</h1><h2>News</h2>", "Closed for now"),
        ("<title>News</title>", "<h1>Closed for now</h1><h1>Open for now</h1>", None),
        ("<title>The bridge is closed</title>", "<nav><h3>The bridge is closed</h3></nav>", None),
        ("", "<p>The bridge is closed</p>", None),
    ],
)
def test_the_longest_heading_in_the_title_is_the_headline_or_else_the_only_h1(
    head: str, body: str, expected: str | None
) -> None:
    assert headline(f"<html><head>{head}</head><body>{body}</body></html>") == expected
