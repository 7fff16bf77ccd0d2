"""What cleaning keeps and drops of a file, for people in colour and for programs as JSON."""

import html
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_formats import read_file, read_stream
from wherefrom.index.sources.file_selection import STANDARD_INPUT
from wherefrom.index.sources.lines import LINE_END
from wherefrom.index.types import Document, Dropped, RawSource
from wherefrom.service.cli.rendering import console, visible
from wherefrom.service.schemas import serialization

SHOWN = 100
# What is looked at to show the beginning of a stretch of HTML, where tags stand between its words.
LOOKED_AT = 1_000
TAG = re.compile(r"<[^>]*>")


def inspect(files: Sequence[Path], *, as_json: bool) -> int:
    """Print how each article of each file is read; what is refused is named, and the others are shown."""
    refused = 0
    for held in (each for file in files for each in _held(file)):
        read_or_refused = held if isinstance(held, SourceRejected) else _read(held)
        if isinstance(read_or_refused, SourceRejected):
            refused += 1
            typer.echo(f"refused {visible(str(read_or_refused))}", err=True)
        else:
            _show(read_or_refused, as_json=as_json)
    return 1 if refused else 0


def _held(file: Path) -> Iterator[RawSource | SourceRejected]:
    try:
        if file == STANDARD_INPUT:
            yield from read_stream(sys.stdin.buffer, str(file))
        else:
            yield from read_file(file, str(file))
    except OSError as error:
        yield SourceRejected(str(file), error.strerror or str(error))


def _read(held: RawSource) -> Document | SourceRejected:
    try:
        return extract(held)
    except SourceRejected as error:
        return error


def _show(document: Document, *, as_json: bool) -> None:
    if as_json:
        typer.echo(serialization.json_bytes(serialization.document_as_json(document)))
        return
    out = console(sys.stdout)
    out.print(Text(f"{visible(document.source)} ({document.encoding}, {document.media_type})", style="bold"))
    _show_metadata(document, out)
    lines = _lines(document, document.raw.decode(document.encoding))
    for _, line in sorted(lines, key=lambda each: each[0]):
        out.print(line)
    out.print(_summary(document))
    out.print()


def _show_metadata(document: Document, out: Console) -> None:
    """Print every field with where its value is from."""
    for name in serialization.DESCRIPTION:
        value = serialization.as_json(getattr(document.metadata, name))
        told = ", ".join(value) if isinstance(value, list) else value
        origin = f" ({document.metadata.origins.get(name, 'text')})" if told else ""
        out.print(Text.assemble((f"  {name}: ", "cyan"), visible(str(told or "none")), (origin, "dim")))


def _lines(document: Document, text: str) -> Iterator[tuple[int, Text]]:
    """Every kept paragraph and dropped stretch, with where it starts."""
    breaks = [found.start() for found in LINE_END.finditer(text)]
    for paragraph in document.paragraphs:
        number = (f"{paragraph.line_start:>5}  ", "dim")
        line = Text.assemble(number, ("keep", "bold green"), f"  {visible(paragraph.text)}")
        yield paragraph.segments[0].start, line
    for dropped in document.dropped:
        number = (f"{bisect_left(breaks, dropped.start) + 1:>5}  ", "dim")
        shown = (f": {_beginning(document, dropped, text)}", "dim")
        yield dropped.start, Text.assemble(number, ("drop", "red"), (f"  {dropped.rule}", "yellow"), shown)


def _beginning(document: Document, dropped: Dropped, text: str) -> str:
    """The first words of a dropped stretch, on one line."""
    start = text[dropped.start : min(dropped.end, dropped.start + LOOKED_AT)]
    if document.media_type == "text/html":
        start = html.unescape(TAG.sub("", start))
    return visible(" ".join(start.split()))[:SHOWN]


def _summary(document: Document) -> Text:
    """How many paragraphs are kept, and how many stretches each rule dropped."""
    rules = Counter(dropped.rule for dropped in document.dropped)
    told = ", ".join(f"{count} {rule}" for rule, count in rules.most_common())
    kept = len(document.paragraphs)
    return Text(f"  {kept} paragraph{'' if kept == 1 else 's'} kept; dropped: {told or 'nothing'}", style="bold")
