"""Resources for agents: each document as text, and each paragraph as a citation.

`wherefrom://documents/ID` is plain text: title, publisher and date, then the paragraphs with their numbers, and
the subheads and questions between them.
`wherefrom://documents/ID/paragraphs/NUMBER` is the citation of a paragraph, as `ask` returns it. The addresses have no
host, so that they are the same on standard input and output, over HTTP and behind a proxy.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from wherefrom.index.errors import WherefromError
from wherefrom.index.library import Library
from wherefrom.index.types import DocumentSummary, StoredText
from wherefrom.service.mcp.collection_tools import document_page
from wherefrom.service.schemas.serialization import as_json, json_bytes

DOCUMENT_TEMPLATE = "wherefrom://documents/{document_id}"
PARAGRAPH_TEMPLATE = "wherefrom://documents/{document_id}/paragraphs/{number}"
URI = re.compile(r"wherefrom://documents/([^/?#]+)(?:/paragraphs/([1-9]\d{0,8}))?")
PAGE_SIZE = 100
UNKNOWN_PARTS = ("publisher not stated", "undated")


class ResourceNotFound(WherefromError):
    """No resource has this address."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"there is no resource {uri!r}; there are {DOCUMENT_TEMPLATE} and {PARAGRAPH_TEMPLATE}")


class Contents(NamedTuple):
    """The contents of a resource."""

    media_type: str
    text: str


def document_uri(document_id: str) -> str:
    """Return the address of a document."""
    return DOCUMENT_TEMPLATE.format(document_id=quote(document_id, safe=""))


def list_page(library: Library, cursor: str | None) -> tuple[Sequence[DocumentSummary], str | None]:
    """Return a page of the documents, and the cursor of the next one, `None` on the last."""
    page = document_page(library, limit=PAGE_SIZE, cursor=cursor or "")
    return page.documents, page.cursor


def read(library: Library, uri: str) -> Contents:
    """Return the contents of a resource. Raise ResourceNotFound, DocumentNotFound or ParagraphNotFound."""
    match = URI.fullmatch(uri)
    if match is None:
        raise ResourceNotFound(uri)
    document_id, number = unquote(match[1]), match[2]
    if number:
        citation = library.cite(document_id, int(number))
        return Contents("application/json", json_bytes(as_json(citation)).decode())
    return Contents("text/plain", _as_text(library.stored_text(document_id)))


def _as_text(stored: StoredText) -> str:
    metadata = stored.source.metadata
    publisher = metadata.publisher or metadata.agency or UNKNOWN_PARTS[0]
    date = metadata.published.isoformat() if metadata.published else UNKNOWN_PARTS[1]
    head = "\n".join([*([metadata.title] if metadata.title else []), f"{publisher}, {date}"])
    numbered = [(block.segments[0].start, f"[{block.number}] {block.text}") for block in stored.paragraphs]
    headings = [(block.segments[0].start, block.text) for block in stored.headings]
    return "\n\n".join([head, *(text for _, text in sorted([*numbered, *headings]))])
