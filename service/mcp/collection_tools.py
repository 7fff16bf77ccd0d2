"""Tools that list the collection page by page, read a part of a document, and verify whole documents."""

from functools import partial
from typing import Annotated

from pydantic import Field

from wherefrom.index.errors import WherefromError
from wherefrom.index.library import Library
from wherefrom.service.mcp.tool import Tool
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.schemas import fields
from wherefrom.service.schemas.fields import JsonNumber, StrictModel
from wherefrom.service.schemas.pages import (
    DocumentPage,
    DocumentVerdict,
    DocumentVerdictList,
    ParagraphPage,
    PublisherPage,
)
from wherefrom.service.schemas.responses import shown_paragraphs, shown_subheads
from wherefrom.service.schemas.serialization import as_json

MAX_PAGE = 100
MAX_VERIFIED = 20

Limit = Annotated[int, Field(ge=1, le=MAX_PAGE, description="Maximum number of items on the page."), JsonNumber]
Cursor = Annotated[
    str, Field(description="The `cursor` of the page before; leave it out for the first page."), fields.Encodable
]
DocumentId = Annotated[str, Field(description="The id, as in a citation."), fields.Encodable]


class PageBody(StrictModel):
    """Which page of a list."""

    limit: Limit = 20
    cursor: Cursor = ""


class ParagraphsBody(StrictModel):
    """Some paragraphs of one document."""

    document_id: DocumentId
    first: Annotated[int, Field(ge=1, description="Number of the first paragraph to return."), JsonNumber] = 1
    limit: Limit = 20


class DocumentsBody(StrictModel):
    """Some documents."""

    document_ids: Annotated[
        tuple[DocumentId, ...], Field(min_length=1, max_length=MAX_VERIFIED, description="Ids, as in citations.")
    ]


def document_page(library: Library, *, limit: int, cursor: str) -> DocumentPage:
    """Return a page of the documents by id, after the cursor, which is the last id of the page before."""
    found = library.documents(after=cursor, limit=limit + 1)
    shown = found[:limit]
    more = len(found) > limit
    return DocumentPage(documents=shown, total=library.info().documents, cursor=shown[-1].document_id if more else None)


async def _list_documents(library: AsyncLibrary, body: PageBody) -> object:
    return as_json(await library.run(lambda opened: document_page(opened, limit=body.limit, cursor=body.cursor)))


async def _list_publishers(library: AsyncLibrary, body: PageBody) -> object:
    def page(opened: Library) -> PublisherPage:
        publishers = opened.publishers()
        found = [each for each in publishers if each.publisher > body.cursor]
        shown = tuple(found[: body.limit])
        return PublisherPage(
            publishers=shown,
            total=len(publishers),
            without_publisher=opened.info().documents - sum(each.documents for each in publishers),
            cursor=shown[-1].publisher if len(found) > body.limit else None,
        )

    return as_json(await library.run(page))


async def _read_paragraphs(library: AsyncLibrary, body: ParagraphsBody) -> object:
    text = await library.run(lambda opened: opened.stored_text(body.document_id))
    source, total = text.source, len(text.paragraphs)
    end = body.first - 1 + body.limit
    shown = text.paragraphs[body.first - 1 : end]
    last = total + 1 if end >= total else end  # a heading at the end of the document has no paragraph below it
    headings = [heading for heading in text.headings if shown and body.first <= heading.above <= last]
    page = ParagraphPage(
        document_id=body.document_id,
        title=source.metadata.title,
        publisher=source.metadata.publisher,
        published=source.metadata.published,
        source_sha256=source.source_sha256,
        paragraphs=shown_paragraphs(shown, headings),
        subheads=shown_subheads(headings),
        total=total,
        next=end + 1 if end < total else None,
    )
    return as_json(page)


async def _verify_documents(library: AsyncLibrary, body: DocumentsBody) -> object:
    verdicts = [await library.run(partial(_verify, document_id=each)) for each in body.document_ids]
    return as_json(DocumentVerdictList(results=tuple(verdicts)))


def _verify(library: Library, document_id: str) -> DocumentVerdict:
    """Return the verdict on one document; a damaged or missing one has an error, and the others keep their verdicts."""
    try:
        audit = library.verify_document(document_id)
    except WherefromError as error:
        return DocumentVerdict(
            document_id=document_id, valid=False, paragraphs=0, sentences=0, mismatches=(), error=str(error)
        )
    return DocumentVerdict(
        document_id=document_id,
        valid=not audit.mismatches,
        paragraphs=audit.paragraphs,
        sentences=audit.sentences,
        mismatches=audit.mismatches,
        error=None,
    )


COLLECTION_TOOLS = (
    Tool(
        name="list_documents",
        title="List the documents",
        description=(
            "Return a page of the collection's documents, ordered by id: title, publisher, date and more of each, no"
            " text. `cursor` is for the next page and null on the last one; `total` counts all documents."
        ),
        arguments=PageBody,
        result=DocumentPage,
        run=_list_documents,
    ),
    Tool(
        name="list_publishers",
        title="List the publishers",
        description=(
            "Return a page of the collection's publishers, ordered by name, with the number of documents of each: the"
            " values that the filter `publisher` of `ask` takes. `cursor` is for the next page and null on the last."
        ),
        arguments=PageBody,
        result=PublisherPage,
        run=_list_publishers,
    ),
    Tool(
        name="read_paragraphs",
        title="Read paragraphs of a document",
        description=(
            "Return some paragraphs of a document by their numbers, each verbatim with its place in the source. Use it"
            " to read what stands around a citation, from its `paragraph`. `next` is the number to go on with, null at"
            " the end. To cite a paragraph, give its `text` as `cited_text`, its `segments`, and the `document_id` and"
            " `source_sha256` of the page."
        ),
        arguments=ParagraphsBody,
        result=ParagraphPage,
        run=_read_paragraphs,
    ),
    Tool(
        name="verify_documents",
        title="Check documents",
        description=(
            "Re-read the stored sources of documents and check everything that can be cited of them, as `wherefrom"
            " verify` does for all. `valid` is false if anything differs, also if the file that was indexed has changed"
            " or is gone since; `mismatches` and `error` say what."
        ),
        arguments=DocumentsBody,
        result=DocumentVerdictList,
        run=_verify_documents,
    ),
)
