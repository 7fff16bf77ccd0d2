"""Many documents in one request: a line of JSON each, and a line of JSON for what became of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Any

from anyio import to_thread
from pydantic import TypeAdapter

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.engine import Change, Item
from wherefrom.index.errors import SourceRejected, WherefromError
from wherefrom.index.library import Library
from wherefrom.index.sources.document_ids import article_id
from wherefrom.service.api import document_bodies
from wherefrom.service.errors import MalformedBody, Overloaded
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.schemas.serialization import as_json, json_bytes

TOGETHER = 64
Line = tuple[int, bytes]
ReadLine = tuple[int, "Item | BatchLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """What became of one line, counted from 1: the `change` it made, or the `error` that kept it out."""

    line: int
    document_id: str | None
    change: Change | None
    error: str | None


def intake_schemas() -> dict[str, Any]:
    """Describe a line's result for `components/schemas` of the OpenAPI description."""
    return {"BatchLine": TypeAdapter(BatchLine).json_schema()}


async def results(raw: bytes, library: AsyncLibrary, most: int) -> AsyncIterator[bytes]:
    """Give the result of each line that is not blank, once it is durable; a line may have `most` bytes.

    Some lines go in together, then others have their turn. An error of storage that hits the first lines is raised;
    later it is the result of those that it hit, since the answer has begun by then.
    """
    lines = ((number, line) for number, line in enumerate(BytesIO(raw), start=1) if line.strip())
    begun = False
    while group := await to_thread.run_sync(lambda: list(islice(lines, TOGETHER))):
        try:
            articles = await library.read(partial(_read, group, most))
            told = await library.change(partial(_put, lines=articles))
        except (WherefromError, Overloaded) as error:
            if not begun:
                raise
            told = [_refused(number, str(error)) for number, _ in group]
        begun = True
        for each in told:
            library.metrics.changed(each.change or "refused")
        yield b"".join(json_bytes(as_json(each)) + b"\n" for each in told)


def _put(library: Library, lines: Sequence[ReadLine]) -> list[BatchLine]:
    """Put the good lines in together; what each line gave, in order."""
    changes = iter(library.put_batch([item for _, item in lines if not isinstance(item, BatchLine)]))
    return [
        item
        if isinstance(item, BatchLine)
        else BatchLine(line=number, document_id=item[0], change=next(changes), error=None)
        for number, item in lines
    ]


def _read(lines: Sequence[Line], most: int) -> list[ReadLine]:
    return [(number, _item(number, line, most)) for number, line in lines]


def _item(number: int, line: bytes, most: int) -> Item | BatchLine:
    """What goes in, or why it does not."""
    if len(line) > most:
        return _refused(number, f"it is larger than {most} bytes")
    name = None
    try:
        article = document_bodies.json_article(line, source=f"line {number}")
        name = article_id(article)
        document = extract(replace(article, name=name))
    except (SourceRejected, MalformedBody) as error:
        return _refused(number, str(error), name)
    return name, document


def _refused(number: int, reason: str, name: str | None = None) -> BatchLine:
    return BatchLine(line=number, document_id=name, change=None, error=reason)
