"""The language of a page is what its markup declares; it is never guessed."""

import pytest

from tests.support.documents import read
from wherefrom.index.types import Given

BODY = "<p>The harbour of Northport was sold on Monday, its owner said to the paper. It opens again in a week.</p>"
JSON_LD = '<script type="application/ld+json">{"@type": "NewsArticle", "inLanguage": %s}</script>'


def page(head: str = "", html: str = "<html>") -> bytes:
    return f"<!doctype html>{html}<head><title>Harbour sold</title>{head}</head><body>{BODY}</body></html>".encode()


@pytest.mark.parametrize(
    ("source", "language", "origin"),
    [
        (page(html="<html lang=en>"), "en", "html"),
        (page(html='<html xml:lang="pt-br">'), "pt-BR", "html"),
        (page('<meta property="og:locale" content="de_AT">', "<html lang=en>"), "de-AT", "opengraph"),
        (page('<meta name="dc.language" content="fr">'), "fr", "meta"),
        (page(JSON_LD % '"ko"', "<html lang=en>"), "ko", "json-ld"),
        (page(JSON_LD % '{"@type": "Language", "name": "Spanish", "alternateName": "es"}'), "es", "json-ld"),
        (page(JSON_LD % '"English"', "<html lang=en-US>"), "en-US", "html"),
        (page(JSON_LD % '["ru", "en"]'), "ru", "json-ld"),
    ],
)
def test_the_most_trusted_declaration_that_is_a_tag_is_used(source: bytes, language: str, origin: str) -> None:
    document = read(source, source="harbour.html")
    assert (document.metadata.language, document.metadata.origins["language"]) == (language, origin)
    (span,) = document.metadata.evidence["language"]
    declared = source.decode()[span.start : span.end]
    assert declared.replace("_", "-").lower() == language.lower()


@pytest.mark.parametrize(
    "html", ["<html>", '<html lang="">', "<html lang=und>", "<html lang=English>", '<div lang="en">']
)
def test_a_page_that_declares_none_has_none(html: str) -> None:
    metadata = read(page(html=html), source="harbour.html", media_type="text/html").metadata
    assert metadata.language is None
    assert "language" not in metadata.origins


def test_a_text_has_none_unless_it_is_given() -> None:
    text = b"The harbour of Northport was sold on Monday, its owner said to the paper."
    assert read(text, source="harbour.txt").metadata.language is None
    given = read(text, source="harbour.txt", given=Given(language="en", extra={"year": 2016})).metadata
    assert (given.language, given.extra) == ("en", {"year": 2016})
    assert given.origins["language"] == given.origins["extra"] == "given"
