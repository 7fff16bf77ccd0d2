"""A document of which much may be missing says so, with figures."""

import json

import pytest

from tests.support.article_pages import TITLE, page, paragraphs
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.types import MediaType, RawSource


def warnings(text: str, media_type: MediaType = "text/html") -> tuple[str, ...]:
    return extract(RawSource(name="a", raw=text.encode(), media_type=media_type)).warnings


def with_json_ld(fields: dict[str, object]) -> str:
    declared = f"<script type=application/ld+json>{json.dumps({'@type': 'NewsArticle', **fields})}</script>"
    return page(f"{declared}<article><h1>{TITLE}</h1>{paragraphs(0, 3)}</article>")


def test_a_page_that_is_kept_whole_has_no_warning() -> None:
    assert warnings(page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 8)}</article>")) == ()


@pytest.mark.parametrize(
    "fields", [{"wordCount": 900}, {"wordCount": "900"}, {"articleBody": 'One "two" three. ' * 300}]
)
def test_far_fewer_words_than_the_page_declares_are_a_warning(fields: dict[str, object]) -> None:
    (warning,) = warnings(with_json_ld(fields))
    assert warning == "only 117 words are kept of an article that the page says has 900"


@pytest.mark.parametrize(
    "fields", [{"wordCount": 130}, {"wordCount": 20}, {"wordCount": None}, {"articleBody": "One."}]
)
def test_about_as_many_words_as_declared_or_more_are_no_warning(fields: dict[str, object]) -> None:
    assert warnings(with_json_ld(fields)) == ()


@pytest.mark.parametrize("value", [False, "False", "false"])
def test_a_few_words_of_a_page_that_is_not_free_are_a_warning(value: object) -> None:
    (warning,) = warnings(with_json_ld({"isAccessibleForFree": value}))
    assert warning == "only 117 words are kept of a page that says it is not free; it may be the beginning alone"
    assert warnings(with_json_ld({"isAccessibleForFree": True})) == ()
    whole = page(f"<script>{{'x': 1, \"isAccessibleForFree\": false}}</script><article>{paragraphs(0, 8)}</article>")
    assert warnings(whole) == ()


def test_far_fewer_words_than_the_source_has_in_prose_are_a_warning() -> None:
    menu = "\n\n".join(f"Menu entry {number}" for number in range(60))
    parts = [paragraphs(start, start + 3).replace("<p>", "").replace("</p>", "\n\n") for start in range(0, 15, 3)]
    (warning,) = warnings(f"{menu}\n\n".join(parts), "text/plain")
    assert warning == "only 117 words are kept of about 585 that look like an article; compare the source"
