"""Batch upload: one document per line of JSON in, one result per line of JSON out, or both as one JSON value."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Any

from anyio import to_thread
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException

from wherefrom.index.engine import Change, Item, ItemVectors
from wherefrom.index.errors import SourceRejected, WherefromError
from wherefrom.index.library import Library
from wherefrom.index.sources.document_ids import article_id
from wherefrom.index.types import RawSource
from wherefrom.service.api import document_bodies
from wherefrom.service.api.middleware.body_limit import CONTENT_TOO_LARGE
from wherefrom.service.errors import MalformedBody, Overloaded
from wherefrom.service.runtime.async_library import AsyncLibrary, Extract
from wherefrom.service.schemas.serialization import as_json, json_bytes

LINES_PER_CHANGE = 64
MAX_LINES = 100_000
"""Maximum number of lines of a batch, blank ones included: each line has a result, so this limits the response too."""
Entry = bytes | RawSource | SourceRejected
"""An article of a batch: a line of JSON, or an article that was read from a file."""
ExtractedLine = tuple[int, "Item | BatchLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """The result of one document: the `change` that it made, or the `error` for which it was refused.

    `line` is its line of JSON Lines, or its position in the array or in the file, counted from 1. `warnings` say what
    of its article may be missing.
    """

    line: int
    document_id: str | None
    change: Change | None
    error: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """The results of all documents of a batch, in their order."""

    results: tuple[BatchLine, ...]


def check_lines(body: bytes) -> None:
    """Raise HTTPException 413 if a batch has too many lines."""
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    if lines > MAX_LINES:
        raise HTTPException(CONTENT_TOO_LARGE, f"the batch has {lines} lines; send at most {MAX_LINES} at a time")


def batch_schemas() -> dict[str, Any]:
    """Return the JSON Schemas of a batch's results, for `components/schemas` of the OpenAPI description."""
    schema = TypeAdapter(BatchResult).json_schema(ref_template="#/components/schemas/{model}")
    nested = schema.pop("$defs")
    return {"BatchResult": schema, **nested}


def lines_of(body: bytes) -> Iterator[tuple[int, Entry]]:
    """Yield the lines of JSON Lines that are not blank, with their numbers."""
    return ((number, line) for number, line in enumerate(BytesIO(body), start=1) if line.strip())


async def results(
    batch: bytes | Iterable[tuple[int, Entry]], library: AsyncLibrary, max_line_bytes: int
) -> AsyncIterator[bytes]:
    """Yield the result of each article of a batch, JSON Lines or articles of a file, when it is durable.

    Articles are written in groups, between which other changes may run. A storage error in the first group is raised;
    in a later group it becomes the result of the group's articles, since the response has already begun.
    """
    lines = iter(lines_of(batch) if isinstance(batch, bytes) else batch)
    has_begun = False
    while group := await to_thread.run_sync(lambda: list(islice(lines, LINES_PER_CHANGE))):
        try:
            extracted = [
                (number, await library.extract(partial(_extract_line, number, line, max_line_bytes)))
                for number, line in group
            ]
            vectors = await library.embed([item for _, item in extracted if not isinstance(item, BatchLine)])
            group_results = await library.change(partial(_put_lines, lines=extracted, vectors=vectors))
        except (WherefromError, Overloaded) as error:
            if not has_begun:
                raise
            group_results = [_refused(number, str(error)) for number, _ in group]
        has_begun = True
        for result in group_results:
            library.metrics.changed(result.change or "refused")
        yield b"".join(json_bytes(as_json(result)) + b"\n" for result in group_results)


def _put_lines(library: Library, lines: Sequence[ExtractedLine], vectors: Sequence[ItemVectors]) -> list[BatchLine]:
    """Write the valid lines together, and return the results of all lines in order."""
    items = [item for _, item in lines if not isinstance(item, BatchLine)]
    changes = iter(library.put_batch(items, vectors=vectors))
    return [
        item
        if isinstance(item, BatchLine)
        else BatchLine(line=number, document_id=item[0], change=next(changes), error=None, warnings=item[1].warnings)
        for number, item in lines
    ]


def _extract_line(number: int, line: Entry, max_line_bytes: int, extract: Extract) -> Item | BatchLine:
    """Return the item to write, or the result of a refused line."""
    if isinstance(line, SourceRejected):
        return _refused(number, str(line))
    if len(line.raw if isinstance(line, RawSource) else line) > max_line_bytes:
        return _refused(number, f"it is larger than {max_line_bytes} bytes")
    document_id = None
    try:
        if isinstance(line, RawSource):
            article = line
        else:
            article = document_bodies.parse_json_article(line, source=f"line {number}")
        document_id = article_id(article)
        document = extract(replace(article, name=document_id))
    except (SourceRejected, MalformedBody) as error:
        return _refused(number, str(error), document_id)
    return document_id, document


def _refused(number: int, reason: str, document_id: str | None = None) -> BatchLine:
    return BatchLine(line=number, document_id=document_id, change=None, error=reason)
