"""The route that shows a source as it was read: what was kept, what was dropped, and why."""

from fastapi import Response

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.library import Library
from wherefrom.index.types import RawSource
from wherefrom.service.api.router import new_router
from wherefrom.service.runtime.async_library import OpenedLibrary
from wherefrom.service.schemas.problem import declared
from wherefrom.service.schemas.responses import DocumentParagraph, SourceReading, json_response
from wherefrom.service.schemas.serialization import as_json

router = new_router(prefix="/v1", tags=["collection"])


@router.get("/documents/{document_id}/reading", response_model=SourceReading, responses=declared(404))
async def show_reading(document_id: str, library: OpenedLibrary) -> Response:
    """Show a source as it was read: its text, and which of its characters are body and which were left out.

    `text` is the decoded source, in which all offsets count.
    """
    return json_response(as_json(await library.run(lambda opened: _reading(opened, document_id))))


def _reading(library: Library, document_id: str) -> SourceReading:
    """Read the stored bytes again; the index refuses to open under other cleaning rules than it was made with."""
    source, raw = library.source(document_id), library.raw(document_id)
    document = extract(RawSource(name=source.source, raw=raw, media_type=source.media_type, given=source.given))
    described = document.metadata
    return SourceReading(
        document_id=document_id,
        title=described.title,
        publisher=described.publisher,
        agency=described.agency,
        authors=described.authors,
        published=described.published,
        url=described.url,
        source=document.source,
        source_sha256=document.source_sha256,
        encoding=document.encoding,
        media_type=document.media_type,
        bytes=len(raw),
        text=raw.decode(document.encoding),
        paragraphs=tuple(DocumentParagraph.of(each) for each in document.paragraphs),
        dropped=document.dropped,
    )
