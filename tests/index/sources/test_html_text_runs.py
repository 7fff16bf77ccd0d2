"""HTML is split into the runs of text that a page shows in one piece."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.sources.html_text_runs import split_text_runs
from wherefrom.index.sources.html_tokenizer import tokenize


def texts(page: str) -> list[str]:
    return [
        "".join(page[span.start : span.end] for span in run.segments)
        for run in split_text_runs(page, tokenize(page))
        if run.shown
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
def test_block_elements_separate_runs_and_inline_elements_do_not(page: str, expected: list[str]) -> None:
    assert texts(page) == expected


def test_a_run_has_the_landmarks_around_it() -> None:
    page = "<nav><p>Home</nav><footer>About</footer><h2>Head</h2>"
    runs = [(run.element, run.landmarks) for run in split_text_runs(page, tokenize(page))]
    assert runs == [("p", ("nav",)), ("footer", ("footer",)), ("h2", ())]


@pytest.mark.parametrize("unit", [" ", "\t", " \n", "\r"])
def test_a_run_of_white_space_in_a_pre_element_is_split_in_linear_time(unit: str) -> None:
    single, double = (f"<pre>One{unit * times}x</pre>" for times in (10_000, 20_000))
    assert grows_linearly(texts, single, double)


def test_blank_lines_with_spaces_in_them_split_a_pre_element() -> None:
    assert texts("<pre>  \n \n One  \n \t \n  two\n three</pre>") == ["One", "two\n three"]


@pytest.mark.parametrize(
    ("page", "shares"),
    [
        ("<p><a href=x>One two</a></p><p>three</p>", [1.0, 0.0]),
        ("<p>abcd <a href=x>efgh</a></p>", [0.5]),
        ("<p><a name=x>abcd efgh</p>", [0.0]),
        ("<p><a href='#x'>abcd</a></p>", [0.0]),
        ("<p><a href=x>abcd</p><p>efgh", [1.0, 0.0]),
        ("<a href=x><div>abcd</div><div>efgh</div></a>", [1.0, 1.0]),
    ],
)
def test_a_run_has_the_share_of_its_characters_that_is_in_links_to_other_pages(page: str, shares: list[float]) -> None:
    assert [round(run.linked, 1) for run in split_text_runs(page, tokenize(page))] == shares


def test_a_run_counts_the_line_breaks_before_it_in_its_element() -> None:
    page = "<div>One<br>two<br><br>three</div>four<p>five"
    assert [run.line_breaks for run in split_text_runs(page, tokenize(page))] == [0, 1, 2, 0, 0]
