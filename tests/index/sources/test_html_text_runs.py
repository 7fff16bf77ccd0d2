"""HTML is cut into the stretches that a page shows as one, each with its place."""

import pytest

from wherefrom.index.sources.html_text_runs import split_text_runs
from wherefrom.index.sources.html_tokenizer import tokenize


def texts(page: str) -> list[str]:
    return [
        "".join(page[s.start : s.end] for s in each.segments)
        for each in split_text_runs(page, tokenize(page))
        if each.shown
    ]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>One <b>two</b> three<p>Four", ["One two three", "Four"]),
        ("<div>One<div>two</div>three</div>", ["One", "two", "three"]),
        ("a<!-- no -->b<span>c</span>", ["abc"]),
        ("One<br>two<br/><br>three", ["One", "two", "three"]),
        ("<script>if (a < b) x('<p>no</p>')</script><p>Yes</p>", ["Yes"]),
        ("<p>One, <script>x('a')</script>two <style>p {}</style>three</p>", ["One, two three"]),
        ("<style>p {}</style><p title='<p>no</p>'>1 < 2 & 3</p>", ["1 < 2 & 3"]),
        ("<pre>One\ntwo\n\nthree</pre>", ["One\ntwo", "three"]),
        ("<ul><li>One<li>Two</ul>three", ["One", "Two", "three"]),
        ("  <p> \n </p> ", []),
        ("<p>open <a href='x", ["open"]),
        ("<p>One <!-- open", ["One"]),
    ],
)
def test_block_elements_part_and_inline_elements_join(page: str, expected: list[str]) -> None:
    assert texts(page) == expected


def test_a_stretch_knows_the_landmarks_around_it() -> None:
    page = "<nav><p>Home</nav><footer>About</footer><h2>Head</h2>"
    found = [(each.element, each.landmarks) for each in split_text_runs(page, tokenize(page))]
    assert found == [("p", ("nav",)), ("footer", ("footer",)), ("h2", ())]
