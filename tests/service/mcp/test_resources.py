import json
from collections.abc import Iterator

import pytest

from tests.support.documents import prose
from tests.support.library_samples import FIRST, seeds_library
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.collection.audits import Claim
from wherefrom.index.errors import DocumentNotFound, ParagraphNotFound
from wherefrom.index.library import Library
from wherefrom.index.types import RawSource, Span
from wherefrom.service.mcp import resources

ODD_ID = "news/2016 ü?#%41.txt"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with seeds_library(tmp_path_factory.mktemp("data")) as opened:
        opened.put(ODD_ID, extract(RawSource(name=ODD_ID, raw=prose(1), media_type="text/plain")))
        yield opened


def test_every_document_has_an_address_that_reads_as_its_text(library: Library) -> None:
    documents, cursor = resources.list_page(library, None)
    assert len(documents) == 6
    assert cursor is None
    for document in documents:
        media_type, text = resources.read(library, resources.document_uri(document.document_id))
        assert media_type == "text/plain"
        for paragraph in library.paragraphs(document.document_id):
            assert f"\n\n[{paragraph.number}] {paragraph.text}" in text


def test_the_text_begins_with_what_the_source_says_of_itself(library: Library) -> None:
    text = resources.read(library, resources.document_uri(FIRST)).text
    assert text.splitlines()[:2] == [
        "China, Russia Forge Common Stance on THAAD Deployment in South Korea",
        "CHINA TOPIX, undated",
    ]


@pytest.mark.parametrize("document_id", [FIRST, ODD_ID])
def test_a_paragraph_reads_as_a_citation_that_holds(library: Library, document_id: str) -> None:
    media_type, text = resources.read(library, f"{resources.document_uri(document_id)}/paragraphs/1")
    assert media_type == "application/json"
    citation = json.loads(text)
    claim = Claim(
        document_id=citation["document_id"],
        cited_text=citation["cited_text"],
        source_sha256=citation["source_sha256"],
        segments=tuple(Span(**segment) for segment in citation["segments"]),
    )
    assert library.check(claim).valid
    assert citation["paragraph"] == 1


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "http://127.0.0.1/v1/documents/a",
        "wherefrom://documents/",
        "wherefrom://documents/a/b",
        "wherefrom://documents/a/paragraphs/0",
        "wherefrom://documents/a/paragraphs/x",
        "wherefrom://documents/a/paragraphs/1234567890",
        "wherefrom://documents/a?b",
    ],
)
def test_an_address_of_another_form_is_refused_with_the_forms(library: Library, uri: str) -> None:
    with pytest.raises(resources.ResourceNotFound, match="there are wherefrom://documents/"):
        resources.read(library, uri)


def test_a_missing_document_or_paragraph_is_named(library: Library) -> None:
    with pytest.raises(DocumentNotFound):
        resources.read(library, resources.document_uri("none"))
    with pytest.raises(ParagraphNotFound, match="has no paragraph 17; its paragraphs are numbered 1 to 16"):
        resources.read(library, f"{resources.document_uri(FIRST)}/paragraphs/17")
