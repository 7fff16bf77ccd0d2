"""Decodes sources, and the citations of texts that were extracted from a source."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import TypeAdapter

from wherefrom.index.types import Answer, Citation, DocumentSummary, ExtractedCitation, PageCitation
from wherefrom.service.schemas.responses import DocumentDetail

A = TypeVar("A", bound=Answer)


def with_extractions(answer: A, fields: Mapping[str, Any]) -> A:
    """Return an answer with an ExtractedCitation or PageCitation for each extracted text; `fields` is its JSON."""
    passages = tuple(
        replace(
            passage,
            citation=_complete(passage.citation, of_passage["citation"]),
            also_in=tuple(map(_complete, passage.also_in, of_passage["also_in"])),
        )
        for passage, of_passage in zip(answer.passages, fields["passages"], strict=True)
    )
    sentence = answer.answer
    if sentence is not None:
        sentence = replace(sentence, citation=_complete(sentence.citation, fields["answer"]["citation"]))
    return replace(answer, passages=passages, answer=sentence)


def _complete(citation: Citation, fields: Mapping[str, Any]) -> Citation:
    if "page" in fields:
        return TypeAdapter(PageCitation).validate_python(fields)
    return TypeAdapter(ExtractedCitation).validate_python(fields) if "extractor" in fields else citation


def decode(raw: bytes, source: Citation | DocumentSummary | DocumentDetail) -> str:
    """Decode the bytes of a source with the encoding that a citation of it, or its document, gives.

    Raise UnicodeDecodeError if the bytes do not fit the encoding, like those of another source, and ValueError if the
    source is not text itself: then use `Client.text`.
    """
    if getattr(source, "extractor", None) is not None:
        raise ValueError(f"{source.source} is not text itself; get the text that was extracted from it with `text`")
    return raw.decode(source.encoding, source.errors)
