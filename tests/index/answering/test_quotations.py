"""A quotation may be of any characters of a source; it is proved against the stored document before it is given out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support.documents import document, read
from tests.support.library_samples import WordEmbedder
from tests.support.work import grows_linearly
from wherefrom.index.answering.quotations import QuotedPlace, quote
from wherefrom.index.errors import DocumentNotFound, QuotationRefused
from wherefrom.index.library import Library
from wherefrom.index.types import Given, Paragraph, Source, Span

TEXT = """The Gate

The old gate of the harbour was closed on Monday after the storm, the harbour master said.

It will be opened again in  May & nobody was hurt, she said on Tuesday to those who waited for the ferry.
"""
HTML = """<!doctype html><html><head><title>Fire</title></head><body><article><h1>Fire at the mill</h1>
<p>A fire &amp; its smoke closed the mill of Northport on Monday, the owner said. It will open in a week.</p>
<p>Nobody was hurt, since the mill was empty when it began on Sunday evening.</p></article></body></html>"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    given = Given(
        publisher="The Eastport Post", authors=("Ann Otter",), published=date(2024, 2, 29), url="https://e.org/gate"
    )
    with Library.open(tmp_path_factory.mktemp("data"), embedder=WordEmbedder()) as opened:
        opened.put("gate", read(TEXT.encode(), source="gate.txt", given=given))
        opened.put("fire", read(HTML.encode(), source="fire.html"))
        yield opened


def place(library: Library, document_id: str, *texts: str) -> QuotedPlace:
    text = library.text(document_id)
    spans = tuple(Span(start=(start := text.index(each)), end=start + len(each)) for each in texts)
    return QuotedPlace(
        document_id=document_id, source_sha256=library.document(document_id).source_sha256, segments=spans
    )


def test_a_quotation_has_the_text_of_the_source_and_its_place_in_words(library: Library) -> None:
    quotation = library.quote(place(library, "gate", "opened again in  May & nobody was hurt"))
    assert quotation.text == "opened again in May & nobody was hurt"
    assert (quotation.line_start, quotation.line_end, quotation.paragraphs) == (5, 5, (2,))
    assert quotation.formatted == "Ann Otter. The Gate. The Eastport Post, 2024-02-29, para. 2."
    assert quotation.text_fragment_url is not None
    assert quotation.text_fragment_url.startswith("https://e.org/gate#:~:text=")


def test_a_quotation_across_paragraphs_names_them_all(library: Library) -> None:
    quotation = library.quote(place(library, "gate", "the harbour master said.", "\n\nIt will be opened"))
    assert quotation.text == "the harbour master said. It will be opened"
    assert quotation.paragraphs == (1, 2)
    assert "para. 1–2." in quotation.formatted


def test_characters_that_are_no_paragraph_are_cited_by_their_line(library: Library) -> None:
    quotation = library.quote(place(library, "gate", "The Gate"))
    assert quotation.paragraphs == ()
    assert quotation.formatted.endswith("line 1.")


def test_character_references_of_html_are_resolved(library: Library) -> None:
    assert library.quote(place(library, "fire", "fire &amp; its smoke")).text == "fire & its smoke"


def test_what_does_not_stand_there_is_refused_with_the_reason(library: Library) -> None:
    good = place(library, "gate", "the harbour master")
    length = len(library.text("gate"))
    for changes, reason in (
        ({"source_sha256": "0" * 64}, "has changed since"),
        ({"text_sha256": "0" * 64}, "read anew since"),
        ({"cited_text": "the harbour mistress"}, "another text"),
        ({"segments": ()}, "no segments"),
        ({"segments": (Span(start=0, end=length + 1),)}, "lies outside"),
        ({"segments": (Span(start=9, end=3),)}, "does not end after its start"),
        ({"segments": (Span(start=3, end=9), Span(start=5, end=12))}, "overlap"),
        ({"segments": (Span(start=8, end=10),)}, "white space"),
    ):
        with pytest.raises(QuotationRefused, match=reason):
            library.quote(replace(good, **changes))
    assert library.quote(replace(good, cited_text="the  harbour\nmaster")).text == "the harbour master"
    with pytest.raises(DocumentNotFound):
        library.quote(replace(good, document_id="none"))


def test_a_document_that_was_replaced_is_not_quoted(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as opened:
        opened.put("gate", document(TEXT.encode()))
        quoted = place(opened, "gate", "the harbour master")
        opened.put("gate", document(TEXT.replace("Monday", "Sunday").encode()))
        with pytest.raises(QuotationRefused, match="has changed since"):
            opened.quote(quoted)


def test_the_work_grows_linearly_with_the_segments(library: Library) -> None:
    source = library.source("gate")

    def quoted(text: str) -> None:
        spans = tuple(Span(start=at, end=at + 1) for at in range(0, len(text), 2))
        quote(_place_of(source, spans), source, text, _paragraphs(spans))

    assert grows_linearly(quoted, "ab" * 5_000, "ab" * 10_000)


def _place_of(source: Source, spans: tuple[Span, ...]) -> QuotedPlace:
    return QuotedPlace(document_id=source.document_id, source_sha256=source.source_sha256, segments=spans)


def _paragraphs(spans: tuple[Span, ...]) -> list[Paragraph]:
    return [
        Paragraph(number=number, text="a", segments=(span,), sentences=(), line_start=1, line_end=1)
        for number, span in enumerate(spans, 1)
    ]
