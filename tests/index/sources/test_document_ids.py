"""Ids are stable and safe in a URL."""

import pytest

from wherefrom.index.sources.document_ids import SAFE_ID, article_id
from wherefrom.index.types import Given, RawSource


def source(document_id: str | None = None, url: str | None = None, raw: bytes = b"x") -> RawSource:
    return RawSource(name="x", document_id=document_id, raw=raw, given=Given(url=url))


def test_the_id_of_an_article_comes_from_its_own_id_else_its_url_else_its_bytes() -> None:
    assert article_id(source("one", "https://example.org/1")) == "one"
    assert article_id(source(None, "https://example.org/1")) == article_id(source(None, "https://example.org/1", b"y"))
    assert article_id(source()) != article_id(source(raw=b"y"))


@pytest.mark.parametrize("article", [source("a/b c"), source(None, "https://example.org/é?x=1"), source()])
def test_the_id_of_an_article_is_safe_in_a_url(article: RawSource) -> None:
    assert SAFE_ID.fullmatch(article_id(article))
