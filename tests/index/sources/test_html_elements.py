"""Elements are nested as a browser nests them, however a page leaves them open."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.sources.html_elements import ARTICLE_HEADER, Element
from wherefrom.index.sources.html_text_runs import split_text_runs
from wherefrom.index.sources.html_tokenizer import tokenize


def containers(page: str) -> list[Element]:
    return [run.container for run in split_text_runs(page, tokenize(page)) if run.shown]


def path(element: Element | None) -> str:
    names = []
    while element is not None and element.name:
        names.append(element.name)
        element = element.parent
    return ">".join(reversed(names))


@pytest.mark.parametrize(
    ("page", "paths"),
    [
        ("<div><p>One<p>Two</div>three", ["div>p", "div>p", ""]),
        ("<p>One<div>two</div>", ["p", "div"]),
        ("<ul><li>One<ul><li>two</ul><li>three</ul>", ["ul>li", "ul>li>ul>li", "ul>li"]),
        ("<dl><dt>One<dd>two<dt>three</dl>", ["dl>dt", "dl>dd", "dl>dt"]),
        ("<table><tr><td>One<td>two<tr><td>three</table>", ["table>tr>td", "table>tr>td", "table>tr>td"]),
        ("<h2>One<h3>two</h3>three", ["h2", "h3", ""]),
        ("<div><table><tr><td>One</div>two</td></table>three</div>four", ["div>table>tr>td"] * 2 + ["div", ""]),
        ("<div>One</section></p></li>two</div>", ["div", "div"]),
        ("<body>One</body>two", ["body", "body"]),
        ("<div>One<hr>two</div>", ["div", "div"]),
        ("<section><article><div>One</section>two", ["section>article>div", ""]),
    ],
)
def test_each_text_is_in_the_element_that_a_browser_puts_it_in(page: str, paths: list[str]) -> None:
    assert [path(each) for each in containers(page)] == paths


def test_a_header_in_an_article_or_in_the_main_part_belongs_to_the_article() -> None:
    page = "<header><p>One</header><article><header><p>Two</header></article><main><header><p>Three</header></main>"
    landmarks = [set(each.landmarks) & {"header", ARTICLE_HEADER} for each in containers(page)]
    assert landmarks == [{"header"}, {ARTICLE_HEADER}, {ARTICLE_HEADER}]


def test_elements_of_one_kind_have_the_same_names_and_classes_all_the_way_in() -> None:
    page = "".join(
        f"<div class='{outer}'><div class='part {inner}'><p>One"
        for outer, inner in (("grid", "body p-1"), ("grid", "p-2 body"), ("grid", "aside"), ("rail", "body p-1"))
    ).replace("<div class='grid'>", "</div></div><div class='grid'>")
    first, second, third, fourth = (each.kind for each in containers(page))
    assert first == second
    assert len({first, third, fourth}) == 3


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<div>", "</p>"), ("<div><td>", "</div>"), ("<table><tr><td>", "</td>"), ("<p>", "</div>")],
)
def test_nesting_takes_linear_time(opening: str, closing: str) -> None:
    single, double = (f"{opening * times}One{closing * times}" for times in (20_000, 40_000))
    assert grows_linearly(containers, single, double)
