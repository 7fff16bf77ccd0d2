"""The calls of the HTTP API: each is a request, and a function that parses its response."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, Unpack
from urllib.parse import quote

from pydantic import TypeAdapter

from wherefrom.index.collection.audits import Claim, Verdict
from wherefrom.index.collection.corrections import CorrectableField, Corrections
from wherefrom.index.collection.document_query import DocumentSort, FilterField
from wherefrom.index.types import (
    Answer,
    AskKeywords,
    Citation,
    DocumentSummary,
    Filters,
    Given,
    IndexInfo,
    MediaType,
)
from wherefrom.service.client.decoding import with_extractions
from wherefrom.service.quotations.files import QuotationFormat
from wherefrom.service.schemas.extra_conditions import conditions_as_json, conditions_as_texts
from wherefrom.service.schemas.responses import (
    AnswerList,
    DocumentDetail,
    DocumentList,
    FilterValues,
    Suggestion,
    SuggestionList,
    VerdictList,
    Written,
)
from wherefrom.service.schemas.serialization import as_json, json_bytes
from wherefrom.service.schemas.written import WrittenReply

S = TypeVar("S")
T = TypeVar("T")
A = TypeVar("A", bound=Answer)
JSON_HEADERS = {"Content-Type": "application/json"}
EXTRACTED = b'"extractor"'
"""Occurs in every response that has citations of extracted texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """A request, and `parse`, which turns the bytes of its response into a result."""

    method: str
    path: str
    parse: Callable[[bytes], T]
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)


def ask(question: str, **options: Unpack[AskKeywords]) -> Call[Answer]:
    """Ask one question."""
    call = _post("/v1/ask", {"question": question, **_ask_fields(options)}, Answer)
    return replace(call, parse=lambda raw: completed(call.parse(raw), raw))


def answer(question: str, *, stream: bool = False, **options: Unpack[AskKeywords]) -> Call[WrittenReply]:
    """Answer one question in sentences."""
    body = {"question": question, **_ask_fields(options)} | ({"stream": True} if stream else {})
    call = _post("/v1/answer", body, WrittenReply)
    return replace(call, parse=lambda raw: completed(call.parse(raw), raw))


def ask_all(questions: Sequence[str], **options: Unpack[AskKeywords]) -> Call[tuple[Answer, ...]]:
    """Ask several questions with the same options."""
    call = _post("/v1/ask/batch", {"questions": questions, **_ask_fields(options)}, AnswerList)
    return Call(
        method=call.method,
        path=call.path,
        parse=lambda raw: _completed(call.parse(raw).answers, raw),
        body=call.body,
        headers=call.headers,
    )


def documents() -> Call[tuple[DocumentSummary, ...]]:
    """List the documents."""
    return _map(_get("/v1/documents", DocumentList), lambda result: result.documents)


def document_page(
    text: str, *, sort: DocumentSort, limit: int, cursor: str | None, filters: Filters
) -> Call[DocumentList]:
    """List a page of the documents that match."""
    values: Any = as_json(replace(filters, extra=()))
    query = {
        **values,
        "extra": conditions_as_texts(filters.extra),
        "q": text,
        "sort": sort,
        "limit": limit,
        "cursor": cursor,
    }
    call = _get("/v1/documents", DocumentList)
    return replace(call, query={name: value for name, value in query.items() if value})


def filter_values(*names: FilterField, text: str, limit: int | None) -> Call[FilterValues]:
    """List the values that filters accept."""
    query = {"field": list(names), "q": text, "limit": limit}
    call = _get("/v1/filters", FilterValues)
    return replace(call, query={name: value for name, value in query.items() if value})


def document(document_id: str) -> Call[DocumentDetail]:
    """Get one document."""
    return _get(_path(document_id), DocumentDetail)


def raw(document_id: str) -> Call[bytes]:
    """Get the source of a document, byte for byte."""
    return Call(method="GET", path=f"{_path(document_id)}/raw", parse=bytes)


def text(document_id: str) -> Call[str]:
    """Get the text that the offsets of a document's citations refer to."""
    return Call(method="GET", path=f"{_path(document_id)}/text", parse=bytes.decode)


def put(document_id: str, source: bytes, media_type: MediaType, given: Given) -> Call[Written]:
    """Add or replace a document."""
    metadata: Any = as_json(given)
    metadata["extra"] = metadata["extra"] and json_bytes(metadata["extra"]).decode()
    return Call(
        method="PUT",
        path=_path(document_id),
        parse=TypeAdapter(Written).validate_json,
        body=source,
        headers={"Content-Type": media_type},
        query={name: value for name, value in metadata.items() if value},
    )


def correct(
    document_id: str, values: Corrections, *, restored: Collection[CorrectableField], etag: str | None
) -> Call[Written]:
    """Correct metadata of a document by hand."""
    fields: dict[str, Any] = {name: "" if value is None else as_json(value) for name, value in values.items()}
    body = json_bytes(fields | dict.fromkeys(restored))
    headers = {**JSON_HEADERS, **({"If-Match": f'"{etag}"'} if etag else {})}
    parse = TypeAdapter(Written).validate_json
    return Call(method="PATCH", path=_path(document_id), parse=parse, body=body, headers=headers)


def delete(document_id: str) -> Call[None]:
    """Remove a document."""
    return Call(method="DELETE", path=_path(document_id), parse=lambda _: None)


def verify(citation: Citation | Claim) -> Call[Verdict]:
    """Check one citation."""
    return _post("/v1/citations/verify", as_json(citation), Verdict)


def verify_all(citations: Sequence[Citation | Claim]) -> Call[tuple[Verdict, ...]]:
    """Check several citations."""
    call = _post("/v1/citations/verify", {"citations": as_json(citations)}, VerdictList)
    return _map(call, lambda result: result.results)


def export_quotations(
    citations: Sequence[Citation | Claim], form: QuotationFormat, notes: Sequence[str]
) -> Call[bytes]:
    """Write quotations to a file. Raises ValueError if there are more notes than citations."""
    if len(notes) > len(citations):
        raise ValueError(f"there are {len(notes)} notes for {len(citations)} citations")
    fields: Any = as_json(citations)
    noted = [{**each, "note": notes[at] if at < len(notes) else ""} for at, each in enumerate(fields)]
    body = json_bytes({"format": form, "quotations": noted})
    return Call(method="POST", path="/v1/citations/export", parse=bytes, body=body, headers=JSON_HEADERS)


def suggestions() -> Call[tuple[Suggestion, ...]]:
    """Get questions that the collection answers."""
    return _map(_get("/v1/suggestions", SuggestionList), lambda result: result.questions)


def index() -> Call[IndexInfo]:
    """Get the index's generation, model, and numbers of documents and passages."""
    return _get("/v1/index", IndexInfo)


def completed(answer: A, raw: bytes) -> A:
    """Return an answer with the fields that only citations of extracted texts have, from `raw`, its JSON."""
    return with_extractions(answer, json.loads(raw)) if EXTRACTED in raw else answer


def _completed(answers: Sequence[Answer], raw: bytes) -> tuple[Answer, ...]:
    """Return answers with the fields that only citations of extracted texts have, from `raw`, the response."""
    if EXTRACTED not in raw:
        return tuple(answers)
    body = json.loads(raw)
    fields = body.get("answers", [body])
    return tuple(map(with_extractions, answers, fields))


def _ask_fields(options: AskKeywords) -> dict[str, object]:
    """Return the options as fields of a request."""
    fields: dict[str, object] = dict(options)
    filters = options.get("filters")
    if filters is not None and filters.extra:
        body: Any = as_json(replace(filters, extra=()))
        fields["filters"] = {**body, "extra": conditions_as_json(filters.extra)}
    elif filters is not None:
        body = as_json(filters)
        fields["filters"] = {name: value for name, value in body.items() if name != "extra"}
    return fields


def _path(document_id: str) -> str:
    return f"/v1/documents/{quote(document_id, safe='')}"


def _get(path: str, kind: type[T]) -> Call[T]:
    return Call(method="GET", path=path, parse=TypeAdapter(kind).validate_json)


def _post(path: str, body: object, kind: type[T]) -> Call[T]:
    encoded = json_bytes(as_json(body))
    return Call(method="POST", path=path, parse=TypeAdapter(kind).validate_json, body=encoded, headers=JSON_HEADERS)


def _map(call: Call[S], convert: Callable[[S], T]) -> Call[T]:
    parse = call.parse
    return Call(
        method=call.method,
        path=call.path,
        parse=lambda raw: convert(parse(raw)),
        body=call.body,
        headers=call.headers,
        query=call.query,
    )
