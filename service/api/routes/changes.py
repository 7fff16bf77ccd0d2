"""The routes that change the collection; each answers when its change is durable."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Query, Request, Response
from starlette.datastructures import Headers
from starlette.responses import StreamingResponse

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.library import Library
from wherefrom.index.sources.document_ids import SAFE_ID
from wherefrom.index.types import Document
from wherefrom.service.api import document_bodies
from wherefrom.service.api.batch_upload import results
from wherefrom.service.api.conditional_requests import entity_tag, precondition
from wherefrom.service.api.router import new_router
from wherefrom.service.runtime.async_library import OpenedLibrary
from wherefrom.service.schemas.problem import declared
from wherefrom.service.schemas.requests import GivenQuery
from wherefrom.service.schemas.responses import Written, json_response
from wherefrom.service.schemas.serialization import as_json

CREATED = 201
NewId = Annotated[
    str, Path(pattern=f"^{SAFE_ID.pattern}$", description="Letters, digits, dots, dashes and underscores.")
]
router = new_router(prefix="/v1", tags=["changes"])


@router.put(
    "/documents/{document_id}",
    response_model=Written,
    responses={CREATED: {"model": Written}, **declared(400, 412, 413, 415, 422, 503, 507)},
    openapi_extra=document_bodies.DOCUMENT,
)
async def put_document(
    document_id: NewId, given: Annotated[GivenQuery, Query()], request: Request, library: OpenedLibrary
) -> Response:
    """Add or replace a document; a document that is there already as it is sent stays as it is.

    The body is the source itself, as text or HTML, with metadata in the URL; or JSON, which holds both.
    """
    raw = await document_bodies.uploaded(request)
    media_type = document_bodies.media_type(request)

    def read_it() -> Document:
        article = document_bodies.article(raw, media_type, given.as_given(), source=document_id)
        document_bodies.check_id(article, document_id)
        return extract(article)

    document = await library.read(read_it)
    written = await library.change(lambda opened: _put(opened, document_id, document, request.headers))
    library.metrics.changed(written.change)
    response = json_response(as_json(written))
    response.headers["ETag"] = entity_tag(written.document.etag)
    if written.change == "added":
        response.status_code = CREATED
        response.headers["Location"] = f"/v1/documents/{quote(document_id)}"
    return response


@router.delete(
    "/documents/{document_id}",
    status_code=204,
    response_class=Response,
    responses=declared(400, 404, 412, 503, 507),
)
async def delete_document(document_id: str, request: Request, library: OpenedLibrary) -> Response:
    """Remove a document, its bytes and its vectors."""
    await library.change(partial(_remove, document_id=document_id, headers=request.headers))
    library.metrics.changed("deleted")
    return Response(status_code=204)


@router.post(
    "/documents:batch",
    response_class=StreamingResponse,
    responses={
        200: {"description": "A result a line, in the order of the lines", "content": document_bodies.RESULTS},
        **declared(400, 413, 415, 422, 503, 507),
    },
    openapi_extra=document_bodies.BATCH,
)
async def put_batch(request: Request, library: OpenedLibrary) -> Response:
    """Add or replace many documents, a line of JSON each; a bad line is reported by its number, the rest goes in.

    A line's result is sent when it is durable. An `id` that is not safe in a URL is made so; a line without one gets
    one from its text, so that the same line is the same document however often it is sent.
    """
    document_bodies.check_lines(request)
    most: int = request.app.state.settings.max_document_bytes
    told = results(await document_bodies.uploaded(request), library, most)
    first = await anext(told, b"")
    return StreamingResponse(_after(first, told), media_type=document_bodies.LINES[0])


async def _after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for each in rest:
        yield each


def _put(library: Library, document_id: str, document: Document, headers: Headers) -> Written:
    change = library.put(document_id, document, precondition=precondition(headers, document_id))
    return Written(change=change, document=library.document(document_id))


def _remove(library: Library, document_id: str, headers: Headers) -> None:
    library.remove(document_id, precondition=precondition(headers, document_id))
