"""What cleaning keeps and drops of a file, for people and as JSON."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from index.errors import SourceRejected
from index.reading import read
from index.types import Document
from service import wire
from service.terminal import console, visible

SHOWN = 100


def inspect(files: Sequence[Path], *, as_json: bool) -> int:
    """Print each file's reading; a refused file is named, and the others are shown."""
    refused = 0
    for file in files:
        try:
            raw = _bytes(file)
            document = read(raw, source=str(file))
        except SourceRejected as error:
            refused += 1
            typer.echo(f"refused {visible(str(error))}", err=True)
        else:
            _show(document, raw, as_json=as_json)
    return 1 if refused else 0


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SourceRejected(str(file), error.strerror or str(error)) from error


def _show(document: Document, raw: bytes, *, as_json: bool) -> None:
    if as_json:
        typer.echo(wire.json_bytes(wire.document_as_json(document)))
        return
    out = console(sys.stdout)
    out.print(Text(f"{visible(document.source)} ({document.encoding})", style="bold"))
    _show_metadata(document, out)
    lines = _lines(document, raw.decode(document.encoding))
    for _, line in sorted(lines, key=lambda each: each[0]):
        out.print(line)
    out.print()


def _show_metadata(document: Document, out: Console) -> None:
    for name in wire.DESCRIPTION:
        value = wire.as_json(getattr(document.metadata, name))
        told = ", ".join(value) if isinstance(value, list) else value
        out.print(f"  {name}: {visible(str(told or 'none'))}")


def _lines(document: Document, text: str) -> Iterator[tuple[int, Text]]:
    """Every kept paragraph and dropped stretch, with where it starts."""
    for paragraph in document.paragraphs:
        start = paragraph.segments[0].start
        yield start, Text(f"{paragraph.line_start:>5}  keep  {visible(paragraph.text)}")
    for dropped in document.dropped:
        line = text.count("\n", 0, dropped.start) + 1
        shown = visible(" ".join(text[dropped.start : dropped.end].split()))[:SHOWN]
        yield dropped.start, Text(f"{line:>5}  drop  {dropped.rule}: {shown}", style="dim")
