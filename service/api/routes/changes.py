"""Routes that change the collection; each answers when its change is durable."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Annotated
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from wherefrom.index.engine import ItemVectors
from wherefrom.index.errors import EngineUnavailable, IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.sources.containers.registry import MEDIA_TYPES
from wherefrom.index.sources.document_ids import SAFE_ID
from wherefrom.index.types import Document, Precondition
from wherefrom.service.api import document_bodies
from wherefrom.service.api.batch_upload import Entry, check_lines, results
from wherefrom.service.api.conditional_requests import entity_tag, precondition
from wherefrom.service.api.content_negotiation import preferred_type
from wherefrom.service.api.dependencies import OpenedLibrary
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.links import link
from wherefrom.service.api.responses import json_array_response, json_response, problem_responses
from wherefrom.service.runtime.async_library import Extract
from wherefrom.service.schemas.requests import CorrectionBody, PutQuery
from wherefrom.service.schemas.responses import Written
from wherefrom.service.schemas.serialization import as_json

CREATED = 201
NewId = Annotated[
    str, Path(pattern=f"^{SAFE_ID.pattern}$", description="Letters, digits, dots, dashes and underscores.")
]
router = APIRouter(prefix="/v1", tags=["changes"], route_class=StrictRoute)


@router.put(
    "/documents/{document_id}",
    response_model=Written,
    responses={CREATED: {"model": Written}, **problem_responses(400, 412, 413, 415, 422, 503, 507)},
    openapi_extra=document_bodies.DOCUMENT_OPERATION,
)
async def put_document(
    document_id: NewId, given: Annotated[PutQuery, Query()], request: Request, library: OpenedLibrary
) -> Response:
    """Add or replace a document; an identical document stays as it is.

    The body is the source itself, as text, HTML, a mail or another container of one article, with metadata in the URL;
    or JSON, which holds both. With `wait=searchable` the reply comes when questions find it; if that takes too long,
    the reply is 503, and the document is stored nevertheless.
    """
    body = await document_bodies.read_body(request)
    media_type = document_bodies.media_type(request)

    def extract_body(extract: Extract) -> Document:
        article = document_bodies.parse_body(body, media_type, given.as_given(), source=document_id)
        document_bodies.check_id(article, document_id)
        return extract(article)

    document = await library.extract(extract_body)
    check = precondition(request.headers, document_id)
    vectors = await library.embed([(document_id, document)], precondition=check)
    written = await library.change(lambda opened: _put(opened, document_id, document, vectors, check))
    library.metrics.changed(written.change)
    if given.wait is not None:
        seconds: float = request.app.state.settings.request_seconds
        await library.run(lambda opened: opened.wait_until_searchable(seconds))
    response = json_response(as_json(written))
    response.headers["ETag"] = entity_tag(written.document.etag)
    if written.change == "added":
        response.status_code = CREATED
        response.headers["Location"] = link(request.scope, f"/v1/documents/{quote(document_id)}")
    return response


@router.patch(
    "/documents/{document_id}",
    response_model=Written,
    responses=problem_responses(400, 404, 412, 413, 415, 422, 503, 507),
)
async def correct_document(
    document_id: str, body: CorrectionBody, request: Request, library: OpenedLibrary
) -> Response:
    """Correct title, publisher, authors or date by hand; corrections stay when the document is read again.

    A corrected value has the origin `by-hand`. `null` restores what the source says.
    """
    check = precondition(request.headers, document_id)
    written = await library.change(lambda opened: _correct(opened, document_id, body, check))
    library.metrics.changed(written.change)
    response = json_response(as_json(written))
    response.headers["ETag"] = entity_tag(written.document.etag)
    return response


@router.delete(
    "/documents/{document_id}",
    status_code=204,
    response_class=Response,
    responses=problem_responses(400, 404, 412, 503, 507),
)
async def delete_document(document_id: str, request: Request, library: OpenedLibrary) -> Response:
    """Remove a document, its bytes and its vectors."""
    check = precondition(request.headers, document_id)
    await library.change(lambda opened: opened.remove(document_id, precondition=check))
    library.metrics.changed("deleted")
    return Response(status_code=204)


@router.post(
    "/documents:batch",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One result per document, in their order; as JSON Lines unless `Accept` or the body is JSON",
            "content": document_bodies.BATCH_RESPONSE_CONTENT,
        },
        **problem_responses(400, 413, 415, 422, 503, 507),
    },
    openapi_extra=document_bodies.BATCH_OPERATION,
)
async def put_batch(request: Request, library: OpenedLibrary) -> Response:
    """Add or replace many documents, one per line of JSON; an invalid line is reported by its number and skipped.

    The body may also be one JSON value, `{"documents": [...]}`, or a file of several articles, such as a feed. The
    results come in the form of the body, or in the one that `Accept` prefers: JSON Lines, each line sent when it is
    durable, or `{"results": [...]}` once all are.
    An `id` that is not safe in a URL is made safe. A document without `id` and `url` gets one from its text and
    metadata, so that the same document has the same id however often it is sent.
    """
    max_line_bytes: int = request.app.state.settings.max_document_bytes
    media_type = document_bodies.media_type(request)
    body = await document_bodies.read_body(request)
    entries = await to_thread.run_sync(_batch_entries, body, media_type, max_line_bytes)
    lines = results(entries, library, max_line_bytes)
    default_first = sorted(document_bodies.BATCH_TYPES, key=lambda offered: offered != media_type)
    if preferred_type(request.headers, default_first) == document_bodies.JSON_TYPE:
        return json_array_response("results", [line async for part in lines for line in part.splitlines()])
    first = await anext(lines, b"")
    return StreamingResponse(_chain(first, lines), media_type=document_bodies.JSONL_TYPES[0])


def _batch_entries(body: bytes, media_type: str, max_line_bytes: int) -> bytes | Iterable[tuple[int, Entry]]:
    """Return the articles of a batch: as lines of JSON, or as numbered articles that were read from a file."""
    if media_type in MEDIA_TYPES:
        return list(enumerate(document_bodies.articles_in(body, media_type, source="the batch"), 1))
    articles = document_bodies.batch_lines(body, media_type, max_line_bytes)
    check_lines(articles)
    return articles


async def _chain(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


def _correct(library: Library, document_id: str, body: CorrectionBody, check: Precondition | None) -> Written:
    corrections = body.corrections()
    change = library.correct(document_id, corrections, restored=body.restored(), precondition=check)
    return Written(change=change, document=library.document(document_id))


def _put(
    library: Library,
    document_id: str,
    document: Document,
    vectors: Sequence[ItemVectors],
    check: Precondition | None,
) -> Written:
    change = library.put(document_id, document, precondition=check, vectors=vectors)
    try:
        return Written(change=change, document=library.document(document_id), warnings=document.warnings)
    except IndexUnusable as error:
        stored = f"the document was stored ({change}), but could not be read back: "
        if isinstance(error, EngineUnavailable):
            raise EngineUnavailable(error.part, f"{stored}{error.reason}") from error
        raise type(error)(f"{stored}{error}") from error
