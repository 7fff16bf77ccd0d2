"""Bodies of documents: decompression within a size limit, and parsing by Content-Type."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from io import BytesIO

from anyio import to_thread
from fastapi import Request

from wherefrom.index.errors import InvalidQuestion, SourceRejected
from wherefrom.index.sources.containers.press.press_archives import read_text
from wherefrom.index.sources.containers.registry import MEDIA_TYPES as CONTAINERS
from wherefrom.index.sources.extractors.registry import FORMATS
from wherefrom.index.sources.json_article import json_fault, parse_article
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import Given, MediaType, RawSource
from wherefrom.service.api.middleware.body_limit import body_limit, too_large
from wherefrom.service.errors import InvalidRequest, MalformedBody, UnsupportedBody
from wherefrom.service.schemas.articles import ARTICLE, ARTICLE_BATCH, BATCH_RESULT
from wherefrom.service.schemas.fields import unknown_name
from wherefrom.service.schemas.serialization import json_bytes

GZIP_WINDOW_BITS = 16 + zlib.MAX_WBITS
JSON_TYPE = "application/json"
TEXT_TYPES: Mapping[str, MediaType] = {"text/plain": "text/plain", "text/html": "text/html"}
FILE_TYPES: Mapping[str, MediaType] = {name: name for name in FORMATS}
"""Media types of files that are not text themselves."""
JSONL_TYPES = ("application/x-ndjson", "application/jsonl")
CONTAINER_TYPES = ("text/plain", *CONTAINERS)
"""Media types of bodies that may hold several articles. A batch is not text, which pages of other sites could send."""
DOCUMENT_TYPES = (*TEXT_TYPES, *FILE_TYPES, *CONTAINERS)
BATCH_TYPES = (JSONL_TYPES[0], JSON_TYPE)
"""Media types of the results of a batch."""
BINARY = {"schema": {"type": "string", "format": "binary"}}
# JSON comes first, since generators of clients use the first media type of a body and can express JSON.
DOCUMENT_OPERATION = {
    "requestBody": {
        "required": True,
        "content": {JSON_TYPE: {"schema": ARTICLE}, **dict.fromkeys(DOCUMENT_TYPES, BINARY)},
    }
}
"""OpenAPI description of a document's body."""
BATCH_OPERATION = {
    "requestBody": {
        "required": True,
        "content": {JSON_TYPE: {"schema": ARTICLE_BATCH}, **dict.fromkeys((*JSONL_TYPES, *CONTAINERS), BINARY)},
    }
}
"""OpenAPI description of a batch's body."""
BATCH_RESPONSE_CONTENT = {JSON_TYPE: {"schema": BATCH_RESULT}, JSONL_TYPES[0]: {"schema": {"type": "string"}}}
"""OpenAPI description of the results of a batch; each line of JSON Lines is a `BatchLine`."""


async def read_body(request: Request) -> bytes:
    """Return the body, decompressed if it is gzip. Raise UnsupportedBody, MalformedBody, HTTPException 413."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip"):
        raise UnsupportedBody(f"Content-Encoding: {coding!r} is not read; send gzip, or leave it out")
    body = await request.body()
    if coding == "identity":
        return body
    return await to_thread.run_sync(decompress, body, body_limit(request.url.path, request.app.state.settings))


def decompress(body: bytes, max_bytes: int) -> bytes:
    """Decompress one gzip member of at most `max_bytes`. Raise MalformedBody, HTTPException 413.

    Several members are refused: in a body of many tiny ones, each would cost a copy of the rest.
    """
    stream = zlib.decompressobj(GZIP_WINDOW_BITS)
    try:
        decompressed = stream.decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise MalformedBody(f"the body is not gzip: {error}") from error
    if len(decompressed) > max_bytes:
        raise too_large(max_bytes, " once unpacked")
    if not stream.eof or stream.unused_data:
        raise MalformedBody("the body must be one whole gzip member")
    return decompressed


def media_type(request: Request) -> str:
    """Return the Content-Type in lower case without its parameters; empty if there is none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def batch_lines(body: bytes, media_type: str, max_json_bytes: int) -> bytes:
    """Return the articles of a batch as JSON Lines. Raise UnsupportedBody, MalformedBody, InvalidRequest.

    A batch as one JSON value is decoded as a whole, so it may not be larger than one document (HTTPException 413).
    """
    if media_type in JSONL_TYPES:
        return body
    if media_type != JSON_TYPE:
        raise UnsupportedBody(f"Content-Type: a batch is {', '.join((*JSONL_TYPES, *CONTAINERS))} or {JSON_TYPE}")
    if len(body) > max_json_bytes:
        raise too_large(max_json_bytes, f"; larger batches are sent as {JSONL_TYPES[0]}")
    batch = _loads(body, source="the batch")
    if not isinstance(batch, dict) or batch.get("documents") is None:
        reason = f'a batch sent as {JSON_TYPE} is {{"documents": [...]}}; lines of JSON are sent as {JSONL_TYPES[0]}'
        raise UnsupportedBody(f"Content-Type: {reason}")
    if unknown := unknown_name(batch, ("documents",)):
        raise _invalid_batch(unknown.type, msg=unknown.message(), ctx=unknown.context)
    if not isinstance(batch["documents"], list):
        raise _invalid_batch("list_type", "documents")
    try:
        return b"".join(json_bytes(article) + b"\n" for article in batch["documents"])
    except ValueError as error:  # a number too large for a float was decoded as infinity
        raise MalformedBody(f"the batch: a number is too large: {error}") from error


def _invalid_batch(kind: str, *fields: str, **details: object) -> InvalidRequest:
    return InvalidRequest([{"type": kind, "loc": ("body", *fields), **details}])


def check_id(article: RawSource, document_id: str) -> None:
    """Raise InvalidQuestion if the body and the URL name different documents."""
    if article.document_id not in (None, document_id):
        raise InvalidQuestion("id", f"is {article.document_id!r}, where the URL has {document_id!r}")


def parse_body(raw: bytes, media_type: str, given: Given, *, source: str) -> RawSource:
    """Parse a body by its type: the source itself, a container of one article, or JSON.

    Raise UnsupportedBody, SourceRejected for a body that holds several articles, and as `parse_json_article`.
    """
    if media_type in CONTAINER_TYPES:
        article = _only_article(list(_read_file(raw, media_type, source)), media_type, source)
        return replace(article, name=source, document_id=None, given=_merged(given, article.given))
    source_type = TEXT_TYPES.get(media_type) or FILE_TYPES.get(media_type)
    if source_type is not None:
        return RawSource(name=source, raw=raw, media_type=source_type, given=given)
    if media_type != JSON_TYPE:
        offered = ", ".join((*TEXT_TYPES, JSON_TYPE, *FILE_TYPES, *CONTAINERS))
        raise UnsupportedBody(f"Content-Type: a document is one of {offered}")
    if given != Given():
        raise InvalidQuestion("given", "metadata must be in the JSON body, not in the URL")
    return parse_json_article(raw, source=source)


def articles_in(raw: bytes, media_type: str, *, source: str) -> list[RawSource | SourceRejected]:
    """Return the articles of a container; notes about the whole container become warnings of the first article."""
    results = list(_read_file(raw, media_type, source))
    articles = [result for result in results if not isinstance(result, SourceNote)]
    first = next((index for index, each in enumerate(articles) if isinstance(each, RawSource)), None)
    notes = _notes(results)
    if first is not None and notes and isinstance(article := articles[first], RawSource):
        articles[first] = replace(article, warnings=(*article.warnings, *notes))
    return articles


def _read_file(raw: bytes, media_type: str, source: str) -> Iterator[ReadResult]:
    """Yield the articles and notes of a file. Articles of a text have the media type `text/plain`."""
    if media_type in CONTAINERS:
        yield from CONTAINERS[media_type].read(BytesIO(raw), source)
        return
    for result in read_text(raw, source):
        yield replace(result, media_type="text/plain") if isinstance(result, RawSource) else result


def _only_article(results: Sequence[ReadResult], media_type: str, source: str) -> RawSource:
    """Return the article of a body, with notes and refusals as its warnings. Raise SourceRejected unless it is one."""
    articles = [result for result in results if isinstance(result, RawSource)]
    refused = [result for result in results if isinstance(result, SourceRejected)]
    whole = [article for article in articles if article.name == source]
    if len(articles) > 1 and not whole:
        advice = "send it to POST /v1/documents:batch" if media_type in CONTAINERS else "index the file, or divide it"
        raise SourceRejected(source, f"it holds {len(articles)} articles, and a document is one: {advice}")
    if not articles:
        raise SourceRejected(source, refused[0].reason if refused else "it holds no article")
    article = (whole or articles)[0]
    attached = len(articles) - 1
    further = [f"further documents in it, which POST /v1/documents:batch takes: {attached}"] if attached else []
    reasons = [str(error) for error in refused]
    return replace(article, warnings=(*article.warnings, *further, *reasons, *_notes(results)))


def _notes(results: Sequence[ReadResult]) -> list[str]:
    return [result.text for result in results if isinstance(result, SourceNote)]


def _merged(given: Given, found: Given) -> Given:
    """Return the metadata of the URL, completed by that of the container."""
    values = {field.name: getattr(given, field.name) or getattr(found, field.name) for field in fields(Given)}
    return replace(given, **values)


def parse_json_article(raw: bytes, *, source: str) -> RawSource:
    """Parse one article from JSON. Raise MalformedBody for invalid JSON, and what `parse_article` raises."""
    return parse_article(_loads(raw, source=source), source=source)


def _loads(raw: bytes, *, source: str) -> object:
    """Decode JSON. Raise MalformedBody, also for NaN and infinities, which are not JSON."""
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedBody(f"{source}: {json_fault(error)}") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
