"""The routes that show the collection: its documents, their paragraphs, their raw bytes, the index."""

import codecs
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from wherefrom.index.library import Library
from wherefrom.index.types import DocumentSummary, IndexInfo
from wherefrom.service.api.conditional_requests import entity_tag, is_known
from wherefrom.service.api.router import new_router
from wherefrom.service.runtime.async_library import OpenedLibrary
from wherefrom.service.schemas.problem import declared
from wherefrom.service.schemas.responses import DocumentDetail, DocumentList, DocumentParagraph, json_response
from wherefrom.service.schemas.serialization import as_json

CHARSETS: Mapping[str, str] = {
    "ascii": "us-ascii",
    "utf-8-sig": "utf-8",
    "euc_jp": "euc-jp",
    "euc_kr": "euc-kr",
    "cp866": "ibm866",
    **{f"cp125{n}": f"windows-125{n}" for n in range(9)},
    **{f"iso8859-{n}": f"iso-8859-{n}" for n in range(1, 17)},
    **{same: same for same in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "big5", "gbk", "gb2312")},
    **{same: same for same in ("gb18030", "shift_jis", "koi8-r", "koi8-u")},
}
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The client holds this state already"}}
router = new_router(prefix="/v1", tags=["collection"])


@router.get("/documents", response_model=DocumentList, responses=declared())
async def list_documents(library: OpenedLibrary) -> Response:
    """List every document."""
    return json_response({"documents": as_json(await library.run(Library.documents))})


@router.get("/documents/{document_id}", response_model=DocumentDetail, responses=NOT_MODIFIED | declared(400, 404))
async def show_document(document_id: str, request: Request, library: OpenedLibrary) -> Response:
    """Show a document and its paragraphs, each with where it stands in the source."""
    detail = await library.run(lambda opened: document_detail(opened, document_id))
    return _known(request, detail.etag) or _tagged(json_response(as_json(detail)), detail.etag)


@router.get(
    "/documents/{document_id}/raw",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {}, "application/octet-stream": {}}},
        **NOT_MODIFIED,
        **declared(400, 404),
    },
)
async def send_raw(document_id: str, request: Request, library: OpenedLibrary) -> Response:
    """Send the source's bytes as they were indexed, never as a page that a browser would run."""
    summary, raw = await library.run(lambda opened: (opened.document(document_id), opened.raw(document_id)))
    name = quote(PurePath(summary.source).name or document_id, safe="")
    headers = {
        "Content-Type": _content_type(summary.encoding),
        "Content-Disposition": f"inline; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return _known(request, summary.etag) or _tagged(Response(raw, headers=headers), summary.etag)


@router.get("/index", response_model=IndexInfo, responses=declared())
async def show_index(library: OpenedLibrary) -> Response:
    """Say what the index holds and which model made it."""
    return json_response(as_json(await library.run(Library.info)))


def _known(request: Request, etag: str) -> Response | None:
    return _tagged(Response(status_code=304), etag) if is_known(request.headers, etag) else None


def _tagged(response: Response, etag: str) -> Response:
    response.headers["ETag"] = entity_tag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def document_detail(library: Library, document_id: str) -> DocumentDetail:
    """Show a document with its paragraphs. Raise DocumentNotFound."""
    summary = library.document(document_id)
    paragraphs = tuple(DocumentParagraph.of(each) for each in library.paragraphs(document_id))
    kept = set(DocumentSummary.__slots__) - {"paragraphs"}
    return DocumentDetail(**{name: getattr(summary, name) for name in kept}, paragraphs=paragraphs)


def _content_type(encoding: str) -> str:
    try:
        charset = CHARSETS[codecs.lookup(encoding).name]
    except LookupError:
        return "application/octet-stream"
    return f"text/plain; charset={charset}"
