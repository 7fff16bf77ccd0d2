"""Bodies of documents: decompression within a size limit, and parsing by Content-Type."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from fastapi import Request

from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.sources.extra_fields import EXTRA_SCHEMA
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import Given, MediaType, RawSource
from wherefrom.service.api.middleware.body_limit import body_limit, too_large
from wherefrom.service.errors import MalformedBody, UnsupportedBody

GZIP_WINDOW_BITS = 16 + zlib.MAX_WBITS
JSON_TYPE = "application/json"
TEXT_TYPES: Mapping[str, MediaType] = {"text/plain": "text/plain", "text/html": "text/html"}
JSONL_TYPES = ("application/x-ndjson", "application/jsonl")
ARTICLE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "description": "The article as text; or `html`."},
        "html": {"type": "string", "description": "The article as HTML; or `text`."},
        "id": {"type": ["string", "null"]},
        "title": {"type": ["string", "null"]},
        "url": {"type": ["string", "null"]},
        "publisher": {"type": ["string", "null"]},
        "authors": {"type": ["array", "null"], "items": {"type": "string"}},
        "published": {"type": ["string", "null"], "format": "date"},
        "language": {"type": ["string", "null"], "description": "A language tag, such as en or pt-BR."},
        "extra": EXTRA_SCHEMA,
    },
    "oneOf": [{"required": ["text"]}, {"required": ["html"]}],
    "additionalProperties": False,
}
DOCUMENT_OPERATION = {
    "requestBody": {
        "required": True,
        "content": {
            **{name: {"schema": {"type": "string", "format": "binary"}} for name in TEXT_TYPES},
            JSON_TYPE: {"schema": ARTICLE_SCHEMA},
        },
    }
}
"""OpenAPI description of a document's body."""
BATCH_OPERATION = {
    "requestBody": {
        "required": True,
        "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in JSONL_TYPES},
    }
}
"""OpenAPI description of a batch's body."""
BATCH_RESPONSE_CONTENT = {JSONL_TYPES[0]: {"schema": {"$ref": "#/components/schemas/BatchLine"}}}


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


def check_jsonl(request: Request) -> None:
    """Raise UnsupportedBody unless the body is JSON Lines."""
    if media_type(request) not in JSONL_TYPES:
        raise UnsupportedBody(f"Content-Type: a batch is {' or '.join(JSONL_TYPES)}")


def check_id(article: RawSource, document_id: str) -> None:
    """Raise InvalidQuestion if the body and the URL name different documents."""
    if article.document_id not in (None, document_id):
        raise InvalidQuestion("id", f"is {article.document_id!r}, where the URL has {document_id!r}")


def parse_body(raw: bytes, media_type: str, given: Given, *, source: str) -> RawSource:
    """Parse a body by its type: the source itself, or JSON. Raise UnsupportedBody, and as `parse_json_article`."""
    if media_type in TEXT_TYPES:
        return RawSource(name=source, raw=raw, media_type=TEXT_TYPES[media_type], given=given)
    if media_type != JSON_TYPE:
        raise UnsupportedBody(f"Content-Type: a document is one of {', '.join((*TEXT_TYPES, JSON_TYPE))}")
    if given != Given():
        raise InvalidQuestion("given", "metadata stands in the JSON body, not in the URL")
    return parse_json_article(raw, source=source)


def parse_json_article(raw: bytes, *, source: str) -> RawSource:
    """Parse one article from JSON. Raise MalformedBody for invalid JSON, and what `parse_article` raises."""
    try:
        fields = json.loads(raw)
    except RecursionError:
        raise MalformedBody(f"{source}: this JSON is nested too deeply") from None
    except ValueError as error:
        raise MalformedBody(f"{source}: this is not JSON: {error}") from error
    return parse_article(fields, source=source)
