"""Deleted text, note marks and raised numbers are in no paragraph."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.cleaning.body.html.left_out_text import leave_out
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.sources.html_tokenizer import tokenize
from wherefrom.index.types import RawSource

MORE = "<p>The harbour board of Southport voted on Monday to close the old ferry terminal of the island.</p>"


def shown(page: str) -> str:
    """The text of a page that is not left out."""
    tokens = leave_out(page, list(tokenize(page)))
    return "".join(page[token.start : token.end] for token in tokens if token.kind == "text")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("It was <del>seven to one</del><ins>seven to two</ins>.", "It was seven to two."),
        ("It rose from <s>3</s> <strike>4</strike> 5 crowns.", "It rose from   5 crowns."),
        ("It is so, she said.<del><p>It is not so.</p></del>", "It is so, she said."),
        ("It <s>is open and stays so.", "It is open and stays so."),
        ("<del>All of the page is deleted.</del>", "All of the page is deleted."),
    ],
)
def test_deleted_text_is_left_out(page: str, text: str) -> None:
    assert shown(page) == text


@pytest.mark.parametrize(
    "mark",
    [
        '<sup><a href="#fn1">1</a></sup>',
        '<a href="#fn1"><sup>1</sup></a>',
        '<a href="#footnote-1">[1]</a>',
        '<a href="notes.html#fn1">1</a>',
        '<a href="#x" role="doc-noteref">1</a>',
        '<sup id="cite_ref-2"><a href="#cite_note-2">[2]</a></sup>',
        '<sup><a href="#n1">1</a>, <a href="#n2">2</a></sup>',
        '<sup class="footnote">a</sup>',
        "<sup>[<a href=/wiki/Citation>citation needed</a>]</sup>",
        ' <a href="#ref1">\u21a9</a>',
        "<sup>3</sup>",
        "<sup>3, 4</sup>",
    ],
)
def test_a_note_mark_is_left_out(mark: str) -> None:
    assert " ".join(shown(f"It was built in 1811{mark} by order.").split()) == "It was built in 1811 by order."


@pytest.mark.parametrize("before", ["the archive says.", "so he said.&rdquo;", "the crowns;"])
def test_a_raised_number_at_the_end_of_a_sentence_is_a_note_mark(before: str) -> None:
    assert shown(f"<p>{before}<sup>12</sup> It is so.") == f"{before} It is so."


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("holds 10<sup>9</sup> litres", "holds  litres"),
        ("holds 6.02 &times; 10<sup>23</sup>, it says", "holds , it says"),
        ("holds&nbsp;10<sup>-9</sup>&nbsp;litres", "holds&nbsp;&nbsp;litres"),
        ("costs 3<sup>1</sup>/<sub>2</sub> crowns", "costs  crowns"),
        ("costs 3<b><sup>1</sup></b> million", "costs 3 million"),
        ("after COVID-19<sup>1</sup> and Chapter 11<sup>5</sup> it", "after COVID-19 and Chapter 11 it"),
        ("takes 2<sup>10</sup> steps", "takes  steps"),
        ("takes log<sub>2</sub>8 steps", "takes  steps"),
        ("costs $19<sup>99</sup> now", "costs  now"),
        ("by 27,000<sup>3</sup> troops", "by 27,000 troops"),
    ],
)
def test_a_number_that_would_become_another_is_left_out(page: str, text: str) -> None:
    assert shown(page) == text


@pytest.mark.parametrize(
    "page",
    [
        "an area of 4 km<sup>2</sup>",
        "on the 19<sup>th</sup> of May",
        "<sup>14</sup>C and H<sub>2</sub>O",
        "at <sup>1</sup>/<sub>2</sub> of it",
        "costs 3.<sup>99</sup> now",
        'see <a href="#part2">part two</a> and <a href="#2">2</a>',
        'in the <a href="#references">references</a> of <a class="ref" href="https://o.example/a#b">2024</a>',
        'the <a class="ref" href="https://o.example/a#b">climate report</a>',
        'of <a href="/wiki/Page#Notes">last year</a>',
        "a<sup>2</sup> is a square",
        "in 1811<sup>[2]</sup> by order",
    ],
)
def test_other_raised_and_linked_text_is_kept(page: str) -> None:
    assert shown(page) == "".join(page[t.start : t.end] for t in tokenize(page) if t.kind == "text")


def test_what_is_left_out_is_dropped_by_name_and_the_rest_cited_exactly() -> None:
    page = (
        "<!doctype html><title>Vote</title><h1>The vote</h1><p>The vote was <del>one</del> two and cost 10<sup>6</sup> "
    )
    page += f'crowns in 1811<sup><a href="#fn1">1</a></sup>, the board said.</p>{MORE}'
    document = extract(RawSource(name="vote.html", raw=page.encode()))
    first = document.paragraphs[0]
    assert first.text == "The vote was two and cost crowns in 1811, the board said."
    assert " ".join("".join(page[span.start : span.end] for span in first.segments).split()) == first.text
    rules = {page[each.start : each.end]: each.rule for each in document.dropped}
    assert rules["one"] == "deleted"
    assert rules["10"] == rules["6"] == "raised-number"
    assert rules["1"] == "note-mark"


def test_the_title_has_no_deleted_text_and_no_note_mark() -> None:
    page = f"<!doctype html><h1>Ferry <del>closes</del> sinks<sup><a href=#fn1>1</a></sup></h1>{MORE}{MORE}"
    assert extract(RawSource(name="ferry.html", raw=page.encode())).metadata.title == "Ferry sinks"


def test_wrapped_lines_with_a_note_mark_are_joined() -> None:
    lines = ["The harbour board of Southport voted on Monday to close<sup><a href=#fn1>1</a></sup>"]
    lines += [
        "the old ferry terminal of the island, which has been in",
        "service for more than a hundred years, and to open",
    ]
    lines += ["another one on the other side of the harbour in May."]
    page = "<!doctype html><title>Ferry</title><h1>The ferry</h1><p>" + "<br>\n".join(lines) + "</p>"
    paragraphs = extract(RawSource(name="ferry.html", raw=page.encode())).paragraphs
    assert paragraphs[0].text.startswith("The harbour board of Southport voted on Monday to close the old ferry")


@pytest.mark.parametrize(
    "piece", [f'<a href="#x">{"i" * 50}!</a>', "1<sup>1</sup>", "10<sup>9</sup>", "i <sup>x</sup>"]
)
def test_leaving_out_is_linear(piece: str) -> None:
    pages = f"<p>{piece * 200}", f"<p>{piece * 400}"
    assert grows_linearly(lambda page: leave_out(page, list(tokenize(page))), *pages)
