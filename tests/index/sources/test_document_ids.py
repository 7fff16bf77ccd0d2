"""Ids are stable and safe in a URL."""

from datetime import date

import pytest

from wherefrom.index.sources.document_ids import SAFE_ID, article_id
from wherefrom.index.types import Given, MediaType, RawSource


def source(document_id: str | None = None, url: str | None = None, raw: bytes = b"x") -> RawSource:
    return RawSource(name="x", document_id=document_id, raw=raw, given=Given(url=url))


def test_the_id_of_an_article_comes_from_its_own_id_else_its_url_else_from_all_that_it_states() -> None:
    assert article_id(source("one", "https://example.org/1")) == "one"
    assert article_id(source(None, "https://example.org/1")) == article_id(source(None, "https://example.org/1", b"y"))
    assert article_id(source()) != article_id(source(raw=b"y"))


@pytest.mark.parametrize("article", [source("a/b c"), source(None, "https://example.org/é?x=1"), source()])
def test_the_id_of_an_article_is_safe_in_a_url(article: RawSource) -> None:
    assert SAFE_ID.fullmatch(article_id(article))


STATED = (
    Given(),
    Given(title="Quay sold"),
    Given(publisher="Quay sold"),
    Given(published=date(2024, 3, 8)),
    Given(published=date(2024, 3, 9)),
    Given(authors=("Mara Lind",)),
    Given(language="en"),
    Given(extra={"page": 3}),
    Given(extra={"page": "3"}),
)


def test_articles_of_one_text_have_different_ids_if_they_state_different_metadata() -> None:
    texts = [RawSource(name="x", raw=b"x", given=given) for given in STATED]
    pages = [RawSource(name="x", raw=b"x", media_type="text/html", given=given) for given in STATED]
    marked = [RawSource(name="x", raw=b"x", media_type="text/markdown", given=given) for given in STATED]
    assert len({article_id(article) for article in (*texts, *pages, *marked)}) == 3 * len(STATED)


@pytest.mark.parametrize("media_type", [None, "text/plain"])
def test_the_id_does_not_depend_on_the_place_or_on_the_order_of_fields(media_type: MediaType | None) -> None:
    one = RawSource(name="a:2", raw=b"x", given=Given(extra={"a": 1, "b": 2}))
    two = RawSource(name="b:7", raw=b"x", media_type=media_type, given=Given(extra={"b": 2, "a": 1}))
    assert article_id(one) == article_id(two)
