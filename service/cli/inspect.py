"""`wherefrom inspect`: shows the text that cleaning keeps and drops of a file, in colour or as JSON."""

import html
import json
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_formats import read_file, read_stream
from wherefrom.index.sources.file_selection import STANDARD_INPUT
from wherefrom.index.sources.lines import LINE_END
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import Document, Dropped, RawSource
from wherefrom.service.cli.rendering import console, terminal_json, visible
from wherefrom.service.schemas import serialization

MAX_SHOWN_CHARACTERS = 100
# Characters of a dropped range that are read to show its first words: in HTML, tags are between them.
MAX_READ_CHARACTERS = 1_000
TAG = re.compile(r"<[^>]*>")


def inspect(files: Sequence[Path], *, as_json: bool) -> int:
    """Print the extraction of each article of the files, and the refused articles; return the exit code."""
    refused = 0
    with ExtractionPool() as pool:
        for article in (article for file in files for article in _articles(file)):
            if isinstance(article, SourceNote):
                typer.echo(f"note {visible(article.source)}: {visible(article.text)}", err=True)
                continue
            result = article if isinstance(article, SourceRejected) else _extract(article, pool)
            if isinstance(result, SourceRejected):
                refused += 1
                typer.echo(f"refused {visible(str(result))}", err=True)
            else:
                _show(result, as_json=as_json)
    return 1 if refused else 0


def _articles(file: Path) -> Iterator[ReadResult]:
    try:
        if file == STANDARD_INPUT:
            yield from read_stream(sys.stdin.buffer, str(file))
        elif file.is_dir():
            yield SourceRejected(str(file), "it is a folder; name files in it")
        else:
            yield from read_file(file, str(file))
    except OSError as error:
        yield SourceRejected(str(file), error.strerror or str(error))


def _extract(article: RawSource, pool: ExtractionPool) -> Document | SourceRejected:
    try:
        return pool.extract(article)
    except SourceRejected as error:
        return error


def _show(document: Document, *, as_json: bool) -> None:
    if as_json:
        typer.echo(terminal_json(serialization.json_bytes(serialization.document_as_json(document))))
        return
    out = console(sys.stdout)
    out.print(Text(f"{visible(document.source)} ({document.encoding}, {document.media_type})", style="bold"))
    _show_metadata(document, out)
    lines = _lines(document, document.text)
    for _, line in sorted(lines, key=lambda positioned: positioned[0]):
        out.print(line)
    for warning in document.warnings:
        out.print(Text(f"  warning: {visible(warning)}", style="bold yellow"))
    out.print(_summary(document))
    out.print()


def _show_metadata(document: Document, out: Console) -> None:
    """Print each field with its value and the origin of the value."""
    for name in serialization.shown_fields(document):
        value = serialization.as_json(getattr(document.metadata, name))
        text = ", ".join(value) if isinstance(value, list) else json.dumps(value) if isinstance(value, dict) else value
        origin = f" ({document.metadata.origins.get(name, 'text')})" if text else ""
        out.print(Text.assemble((f"  {name}: ", "cyan"), visible(str(text or "none")), (origin, "dim")))


def _lines(document: Document, text: str) -> Iterator[tuple[int, Text]]:
    """Yield every kept paragraph, heading and dropped range as a line, with its start offset."""
    line_ends = [match.start() for match in LINE_END.finditer(text)]
    for paragraph in document.paragraphs:
        number = (f"{paragraph.line_start:>5}  ", "dim")
        line = Text.assemble(number, ("keep", "bold green"), f"  {visible(paragraph.text)}")
        yield paragraph.segments[0].start, line
    for heading in document.headings:
        number = (f"{heading.line_start:>5}  ", "dim")
        line = Text.assemble(
            number, ("head", "bold cyan"), f"  {visible(heading.text)}", (f"  {heading.kind}", "yellow")
        )
        yield heading.segments[0].start, line
    for dropped in document.dropped:
        number = (f"{bisect_left(line_ends, dropped.start) + 1:>5}  ", "dim")
        beginning = (f": {_beginning(document, dropped, text)}", "dim")
        yield dropped.start, Text.assemble(number, ("drop", "red"), (f"  {dropped.rule}", "yellow"), beginning)


def _beginning(document: Document, dropped: Dropped, text: str) -> str:
    """Return the first words of a dropped range, on one line."""
    start = text[dropped.start : min(dropped.end, dropped.start + MAX_READ_CHARACTERS)]
    if document.media_type == "text/html":
        start = html.unescape(TAG.sub("", start))
    return visible(" ".join(start.split()))[:MAX_SHOWN_CHARACTERS]


def _summary(document: Document) -> Text:
    """Return the number of kept paragraphs and headings, and of dropped ranges by rule."""
    rules = Counter(dropped.rule for dropped in document.dropped)
    dropped_counts = ", ".join(f"{count} {rule}" for rule, count in rules.most_common())
    kept = len(document.paragraphs)
    plural = "" if kept == 1 else "s"
    kinds = Counter(heading.kind for heading in document.headings)
    headings = "".join(f", {count} {kind}{'' if count == 1 else 's'}" for kind, count in kinds.most_common())
    return Text(f"  {kept} paragraph{plural}{headings} kept; dropped: {dropped_counts or 'nothing'}", style="bold")
