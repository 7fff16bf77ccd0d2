"""The HTTP API as a client calls it: each call is a request and how its response is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypedDict, TypeVar, Unpack
from urllib.parse import quote

from pydantic import TypeAdapter

from wherefrom.index.types import (
    Answer,
    Citation,
    Claim,
    DocumentSummary,
    Filters,
    Given,
    IndexInfo,
    MediaType,
    Verdict,
)
from wherefrom.service.schemas.responses import AnswerList, DocumentDetail, DocumentList, VerdictList, Written
from wherefrom.service.schemas.serialization import as_json, json_bytes

S = TypeVar("S")
T = TypeVar("T")
JSON = {"Content-Type": "application/json"}


class Asking(TypedDict, total=False):
    """How to answer; what is left out is as `POST /v1/ask` has it."""

    top_k: int
    filters: Filters
    max_per_document: int | None
    explain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """A request, and `read`, which turns the bytes of its response into what was asked for."""

    method: str
    path: str
    read: Callable[[bytes], T]
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)


def ask(question: str, **terms: Unpack[Asking]) -> Call[Answer]:
    """Ask one question."""
    return _post("/v1/ask", {"question": question, **terms}, Answer)


def ask_all(questions: Sequence[str], **terms: Unpack[Asking]) -> Call[tuple[Answer, ...]]:
    """Ask several questions on the same terms."""
    call = _post("/v1/ask/batch", {"questions": questions, **terms}, AnswerList)
    return _then(call, lambda told: told.answers)


def documents() -> Call[tuple[DocumentSummary, ...]]:
    """List the collection."""
    return _then(_get("/v1/documents", DocumentList), lambda told: told.documents)


def document(document_id: str) -> Call[DocumentDetail]:
    """Show one document."""
    return _get(_path(document_id), DocumentDetail)


def raw(document_id: str) -> Call[bytes]:
    """Fetch a document's source, byte for byte."""
    return Call(method="GET", path=f"{_path(document_id)}/raw", read=bytes)


def put(document_id: str, source: bytes, media_type: MediaType, given: Given) -> Call[Written]:
    """Add or replace a document."""
    said: Any = as_json(given)
    return Call(
        method="PUT",
        path=_path(document_id),
        read=TypeAdapter(Written).validate_json,
        body=source,
        headers={"Content-Type": media_type},
        query={name: value for name, value in said.items() if value},
    )


def delete(document_id: str) -> Call[None]:
    """Remove a document."""
    return Call(method="DELETE", path=_path(document_id), read=lambda _: None)


def verify(citation: Citation | Claim) -> Call[Verdict]:
    """Check one citation."""
    return _post("/v1/citations/verify", as_json(citation), Verdict)


def verify_all(citations: Sequence[Citation | Claim]) -> Call[tuple[Verdict, ...]]:
    """Check several citations."""
    call = _post("/v1/citations/verify", {"citations": as_json(citations)}, VerdictList)
    return _then(call, lambda told: told.results)


def index() -> Call[IndexInfo]:
    """Say what the index holds."""
    return _get("/v1/index", IndexInfo)


def _path(document_id: str) -> str:
    return f"/v1/documents/{quote(document_id, safe='')}"


def _get(path: str, kind: type[T]) -> Call[T]:
    return Call(method="GET", path=path, read=TypeAdapter(kind).validate_json)


def _post(path: str, body: object, kind: type[T]) -> Call[T]:
    sent = json_bytes(as_json(body))
    return Call(method="POST", path=path, read=TypeAdapter(kind).validate_json, body=sent, headers=JSON)


def _then(call: Call[S], pick: Callable[[S], T]) -> Call[T]:
    read = call.read
    return Call(
        method=call.method,
        path=call.path,
        read=lambda raw: pick(read(raw)),
        body=call.body,
        headers=call.headers,
        query=call.query,
    )
