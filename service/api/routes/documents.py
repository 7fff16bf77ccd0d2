"""Routes that read the collection: documents, their paragraphs, raw bytes and reading, and the index."""

import codecs
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePath
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response

from wherefrom.index.errors import PageNotFound
from wherefrom.index.library import Library
from wherefrom.index.sources.extractors.page_pictures import draw_page
from wherefrom.index.types import IndexInfo, RawSource, Source
from wherefrom.service.api.conditional_requests import entity_tag, is_unchanged, weak_entity_tag
from wherefrom.service.api.dependencies import OpenedLibrary
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.responses import json_response, problem_responses
from wherefrom.service.runtime import document_list
from wherefrom.service.runtime.async_library import AsyncLibrary, Extract
from wherefrom.service.schemas.requests import ListQuery, ValuesQuery
from wherefrom.service.schemas.responses import (
    DocumentDetail,
    DocumentList,
    FilterValues,
    SourceReading,
    shown_paragraphs,
    shown_subheads,
)
from wherefrom.service.schemas.serialization import as_json, json_bytes

CHARSETS: Mapping[str, str] = {
    "ascii": "us-ascii",
    "utf-8-sig": "utf-8",
    "euc_jp": "euc-jp",
    "euc_kr": "euc-kr",
    **{f"cp{number}": f"ibm{number}" for number in (850, 852, 866)},
    "cp874": "windows-874",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "big5hkscs": "big5-hkscs",
    "hz": "hz-gb-2312",
    "iso2022_jp": "iso-2022-jp",
    "iso2022_jp_ext": "iso-2022-jp",
    "iso2022_kr": "iso-2022-kr",
    "mac-roman": "macintosh",
    "mac-cyrillic": "x-mac-cyrillic",
    **{f"cp125{n}": f"windows-125{n}" for n in range(9)},
    **{f"iso8859-{n}": f"iso-8859-{n}" for n in range(1, 17)},
    **{same: same for same in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "big5", "gbk", "gb2312")},
    **{same: same for same in ("gb18030", "shift_jis", "koi8-r", "koi8-u")},
}
"""Names of charsets for `Content-Type`, by Python's name of the codec."""
SANDBOX = "default-src 'none'; sandbox"
PDF = "application/pdf"
MAX_PAGE_NUMBER = 100_000
REVALIDATED = "private, no-cache"
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The client holds this state already"}}
router = APIRouter(prefix="/v1", tags=["collection"], route_class=StrictRoute)


@router.get("/documents", response_model=DocumentList, responses=NOT_MODIFIED | problem_responses(400))
async def list_documents(query: Annotated[ListQuery, Query()], request: Request, library: OpenedLibrary) -> Response:
    """List the documents that match, all or a page at a time."""
    return await _of_collection(request, library, lambda opened: as_json(document_list.list_documents(opened, query)))


@router.get("/filters", response_model=FilterValues, responses=NOT_MODIFIED | problem_responses(400))
async def list_filter_values(
    query: Annotated[ValuesQuery, Query()], request: Request, library: OpenedLibrary
) -> Response:
    """List the values that filters take and the number of their documents; the most frequent come first."""
    return await _of_collection(request, library, lambda opened: _present(document_list.filter_values(opened, query)))


@router.get(
    "/documents/{document_id}", response_model=DocumentDetail, responses=NOT_MODIFIED | problem_responses(400, 404)
)
async def show_document(document_id: str, request: Request, library: OpenedLibrary) -> Response:
    """Show a document, its paragraphs and subheads, each with its place in the source."""
    detail = await library.run(
        lambda opened: DocumentDetail.of(
            opened.document(document_id), opened.paragraphs(document_id), opened.headings(document_id)
        )
    )
    return _not_modified(request, detail.etag) or _with_etag(json_response(as_json(detail)), detail.etag)


@router.get(
    "/documents/{document_id}/raw",
    response_class=Response,
    responses={
        200: {
            "description": "The bytes of the source; as text if its encoding has a name on the web, or as their format",
            "content": {
                "text/plain": {"schema": {"type": "string"}},
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        **NOT_MODIFIED,
        **problem_responses(400, 404),
    },
)
async def send_raw(document_id: str, request: Request, library: OpenedLibrary) -> Response:
    """Send the bytes of the source as they were indexed, never as a page that a browser would run."""
    summary, raw = await library.run(lambda opened: (opened.document(document_id), opened.raw(document_id)))
    name = quote(PurePath(summary.source).name or document_id, safe="")
    headers = {
        "Content-Type": _content_type(summary.encoding) if summary.extractor is None else summary.media_type,
        "Content-Disposition": f"inline; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": SANDBOX,
    }
    return _not_modified(request, summary.etag) or _with_etag(Response(raw, headers=headers), summary.etag)


@router.get(
    "/documents/{document_id}/text",
    response_class=Response,
    responses={
        200: {
            "description": "The text in which the offsets of citations count, as UTF-8",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **NOT_MODIFIED,
        **problem_responses(400, 404),
    },
)
async def send_text(document_id: str, request: Request, library: OpenedLibrary) -> Response:
    """Send the text in which the offsets of the document's citations count: extracted from its source, or decoded.

    Of a source that is not text itself, it has the SHA-256 that citations call `text_sha256`.
    """
    summary, text = await library.run(lambda opened: (opened.document(document_id), opened.text(document_id)))
    headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Security-Policy": SANDBOX}
    content = text.encode("utf-8", "replace")
    return _not_modified(request, summary.etag) or _with_etag(Response(content, headers=headers), summary.etag)


@router.get(
    "/documents/{document_id}/pages/{number}.png",
    response_class=Response,
    responses={
        200: {
            "description": "The page as a picture",
            "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        },
        **NOT_MODIFIED,
        **problem_responses(400, 404, 422),
    },
)
async def send_page_picture(
    document_id: str, number: Annotated[int, Path(ge=1, le=MAX_PAGE_NUMBER)], request: Request, library: OpenedLibrary
) -> Response:
    """Send a page of a PDF as a picture, in which the boxes of citations can be marked."""
    summary = await library.run(lambda opened: opened.document(document_id))
    if summary.media_type != PDF:
        raise PageNotFound(document_id, number)
    unchanged = _not_modified(request, summary.etag)
    if unchanged is not None:
        return unchanged
    raw = await library.run(lambda opened: opened.raw(document_id))
    picture = await library.extract(lambda _: draw_page(raw, number, document_id))
    return _with_etag(Response(picture, media_type="image/png"), summary.etag)


@router.get("/index", response_model=IndexInfo, responses=NOT_MODIFIED | problem_responses(400))
async def show_index(request: Request, library: OpenedLibrary) -> Response:
    """Show what the index holds and which model it was made with."""
    return await _of_collection(request, library, lambda opened: as_json(opened.info()))


@router.get("/documents/{document_id}/reading", response_model=SourceReading, responses=problem_responses(404))
async def show_reading(document_id: str, library: OpenedLibrary) -> Response:
    """Show a source as it was read: its text, and which of its characters are body, headings or were dropped.

    `text` is the decoded source, or the text that was extracted from it; all offsets count its characters.
    """
    source, raw = await library.run(lambda opened: (opened.source(document_id), opened.raw(document_id)))
    return Response(await library.extract(partial(_reading, source, raw)), media_type="application/json")


def _reading(source: Source, raw: bytes, extract: Extract) -> bytes:
    """Extract the stored bytes again; the result is the same, since the cleaner version must match the index's."""
    document = extract(RawSource(name=source.source, raw=raw, media_type=source.media_type, given=source.given))
    metadata, extraction = source.metadata, document.extraction
    reading = SourceReading(
        document_id=source.document_id,
        title=metadata.title,
        publisher=metadata.publisher,
        agency=metadata.agency,
        authors=metadata.authors,
        published=metadata.published,
        url=metadata.url,
        language=metadata.language,
        extra=metadata.extra,
        origins=metadata.origins,
        source=document.source,
        source_sha256=document.source_sha256,
        encoding=document.encoding,
        errors=document.errors,
        media_type=document.media_type,
        bytes=len(raw),
        text=document.text,
        paragraphs=shown_paragraphs(document.paragraphs, document.headings),
        subheads=shown_subheads(document.headings),
        dropped=document.dropped,
        extractor=extraction.extractor if extraction else None,
        text_sha256=extraction.text_sha256 if extraction else None,
        pages=extraction.pages if extraction else (),
    )
    return json_bytes(as_json(reading))


def _present(values: FilterValues) -> object:
    """Return values as JSON without the fields that were not requested."""
    return {name: as_json(each) for name in FilterValues.__slots__ if (each := getattr(values, name)) is not None}


async def _of_collection(request: Request, library: AsyncLibrary, body: Callable[[Library], object]) -> Response:
    """Answer with a body that depends on the state of the whole collection, and with the tag of that state.

    The tag is read first: if the collection changes in between, the tag is of the earlier state, so that the client's
    next request does not match it.
    """

    def read(opened: Library) -> tuple[str, bytes | None]:
        etag = f"{request.app.version}-{opened.version()}"
        return etag, None if is_unchanged(request.headers, etag) else json_bytes(body(opened))

    etag, content = await library.run(read)
    response = Response(status_code=304) if content is None else Response(content, media_type="application/json")
    response.headers["ETag"] = weak_entity_tag(etag)
    response.headers["Cache-Control"] = REVALIDATED
    return response


def _not_modified(request: Request, etag: str) -> Response | None:
    return _with_etag(Response(status_code=304), etag) if is_unchanged(request.headers, etag) else None


def _with_etag(response: Response, etag: str) -> Response:
    response.headers["ETag"] = entity_tag(etag)
    response.headers["Cache-Control"] = REVALIDATED
    return response


def _content_type(encoding: str) -> str:
    try:
        charset = CHARSETS[codecs.lookup(encoding).name]
    except LookupError:
        return "application/octet-stream"
    return f"text/plain; charset={charset}"
