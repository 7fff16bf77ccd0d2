import pytest

from tests.support.work import grows_linearly
from wherefrom.index.sources.markup_detection import inline_markup, is_html_fragment, is_html_page

SENTENCE = "The committee met on Monday to hear what they had found."


@pytest.mark.parametrize(
    "text",
    [
        f"<p>{SENTENCE}</p>\n<p>{SENTENCE}</p>",
        f"A headline\n<p>{SENTENCE}</p>\n\n<p class='x'>{SENTENCE}</p>",
        f"<div><p>{SENTENCE}</p></div>",
        f"{SENTENCE}<br><br>{SENTENCE}<br/>{SENTENCE}",
        f"<h2>A headline</h2>{SENTENCE}\n<ul>\n<li>one</li>\n</ul>",
        f"<P>{SENTENCE}\n<P>{SENTENCE}",
    ],
)
def test_a_fragment_of_html_is_known_by_where_its_tags_stand(text: str) -> None:
    assert is_html_fragment(text)


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "The element <p> opens a paragraph, and <div> a block; </p> closes it, he said.",
        "a < b and b > c, and <this> is no element",
        f"<p>{SENTENCE}",
        f"<rss><channel><item><description><p>{SENTENCE}</p><p>{SENTENCE}</p></description></item></channel></rss>",
        f'{{"content": "<p>{SENTENCE}</p><p>{SENTENCE}</p>"}}',
        f"From: a\nSubject: b\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>{SENTENCE}</p>\n<p>{SENTENCE}</p>",
    ],
)
def test_a_text_that_mentions_a_tag_is_not_html(text: str) -> None:
    assert not is_html_fragment(text)


def test_a_page_begins_as_one() -> None:
    assert is_html_page("  <!-- x --><!DOCTYPE html><html>")
    assert not is_html_page(SENTENCE)


def test_the_inline_tags_of_a_text_are_found_if_a_pair_of_them_is_in_it() -> None:
    text = 'The <b>council</b> voted <a href="/x">today</a> on <i>it.'
    found = [text[start:end] for start, end in inline_markup(text)]
    assert found == ["<b>", "</b>", '<a href="/x">', "</a>", "<i>"]
    assert list(inline_markup("if a <b and c> d, then <i> is one")) == []


@pytest.mark.parametrize("unit", ["<p ", "<p>", "</p>", "<b>", "<b>a</b>", "<", "<a x", "<br>"])
def test_markup_is_detected_in_linear_time(unit: str) -> None:
    count = 120_000 // len(unit)
    assert grows_linearly(
        lambda text: (is_html_fragment(text), list(inline_markup(text))), unit * count, unit * 2 * count
    )
