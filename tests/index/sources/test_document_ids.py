"""An id is the same whenever the same thing is indexed again, and safe in a URL."""

import pytest

from wherefrom.index.sources.document_ids import SAFE_ID, article_id
from wherefrom.index.types import Given, RawSource


def article(document_id: str | None = None, url: str | None = None, raw: bytes = b"x") -> RawSource:
    return RawSource(name="x", document_id=document_id, raw=raw, given=Given(url=url))


def test_an_article_is_named_by_its_id_else_its_url_else_its_text() -> None:
    assert article_id(article("one", "https://example.org/1")) == "one"
    assert article_id(article(None, "https://example.org/1")) == article_id(
        article(None, "https://example.org/1", b"y")
    )
    assert article_id(article()) != article_id(article(raw=b"y"))


@pytest.mark.parametrize("given", [article("a/b c"), article(None, "https://example.org/é?x=1"), article()])
def test_an_id_is_safe_in_a_url(given: RawSource) -> None:
    assert SAFE_ID.fullmatch(article_id(given))
