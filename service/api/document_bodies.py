"""What a document's body may be: its bytes unpacked within a bound, and read by its Content-Type."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from fastapi import Request

from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import Given, MediaType, RawSource
from wherefrom.service.api.middleware.body_limit import bound, too_large
from wherefrom.service.errors import MalformedBody, UnsupportedBody

GZIP = 16 + zlib.MAX_WBITS
JSON = "application/json"
TEXTS: Mapping[str, MediaType] = {"text/plain": "text/plain", "text/html": "text/html"}
LINES = ("application/x-ndjson", "application/jsonl")
ARTICLE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "description": "The article as text; or `html`."},
        "html": {"type": "string", "description": "The article as HTML; or `text`."},
        "id": {"type": "string"},
        "title": {"type": "string"},
        "url": {"type": "string"},
        "publisher": {"type": "string"},
        "authors": {"type": "array", "items": {"type": "string"}},
        "published": {"type": "string", "format": "date"},
    },
    "oneOf": [{"required": ["text"]}, {"required": ["html"]}],
    "additionalProperties": False,
}
DOCUMENT = {
    "requestBody": {
        "required": True,
        "content": {
            **{name: {"schema": {"type": "string", "format": "binary"}} for name in TEXTS},
            JSON: {"schema": ARTICLE},
        },
    }
}
BATCH = {
    "requestBody": {
        "required": True,
        "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in LINES},
    }
}
RESULTS = {LINES[0]: {"schema": {"$ref": "#/components/schemas/BatchLine"}}}


async def uploaded(request: Request) -> bytes:
    """Read the body, unpacked if it is gzip. Raise UnsupportedBody, MalformedBody, HTTPException of 413."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip"):
        raise UnsupportedBody(f"Content-Encoding: {coding!r} is not read; send gzip, or leave it out")
    body = await request.body()
    if coding == "identity":
        return body
    return await to_thread.run_sync(unpacked, body, bound(request.url.path, request.app.state.settings))


def unpacked(body: bytes, most: int) -> bytes:
    """Unpack one gzip member, and stop at the bound. Raise MalformedBody, HTTPException of 413.

    A body of many tiny members would cost a copy of the rest for each of them.
    """
    stream = zlib.decompressobj(GZIP)
    try:
        whole = stream.decompress(body, most + 1)
    except zlib.error as error:
        raise MalformedBody(f"the body is not gzip: {error}") from error
    if len(whole) > most:
        raise too_large(most, " once unpacked")
    if not stream.eof or stream.unused_data:
        raise MalformedBody("the body must be one whole gzip member")
    return whole


def media_type(request: Request) -> str:
    """The Content-Type without its parameters, in lower case; empty if there is none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def check_lines(request: Request) -> None:
    """Raise UnsupportedBody for anything but JSON Lines."""
    if media_type(request) not in LINES:
        raise UnsupportedBody(f"Content-Type: a batch is {' or '.join(LINES)}")


def check_id(article: RawSource, document_id: str) -> None:
    """Raise InvalidQuestion where the body names another document than the URL does."""
    if article.document_id not in (None, document_id):
        raise InvalidQuestion("id", f"is {article.document_id!r}, where the URL has {document_id!r}")


def article(raw: bytes, media_type: str, given: Given, *, source: str) -> RawSource:
    """Read a document's body by its type: the source itself, or JSON. Raise UnsupportedBody, or as `json_article`."""
    if media_type in TEXTS:
        return RawSource(name=source, raw=raw, media_type=TEXTS[media_type], given=given)
    if media_type != JSON:
        raise UnsupportedBody(f"Content-Type: a document is one of {', '.join((*TEXTS, JSON))}")
    if given != Given():
        raise InvalidQuestion("given", "metadata stands in the JSON body, not in the URL")
    return json_article(raw, source=source)


def json_article(raw: bytes, *, source: str) -> RawSource:
    """Read one article from JSON. Raise MalformedBody for what is no JSON object, and as `parse_article` does."""
    try:
        fields = json.loads(raw)
    except RecursionError:
        raise MalformedBody(f"{source}: this JSON is nested too deeply") from None
    except ValueError as error:
        raise MalformedBody(f"{source}: this is not JSON: {error}") from error
    return parse_article(fields, source=source)
