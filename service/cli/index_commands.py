"""What the commands that open the index do; each gives its exit code."""

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from wherefrom.index.ingest import ingest
from wherefrom.index.rebuild import rebuild as rebuild_index
from wherefrom.index.types import Audit, Mismatch
from wherefrom.index.verify import verify_folder
from wherefrom.service.bootstrap import open_embedder, open_existing, open_library
from wherefrom.service.cli.rendering import console, visible
from wherefrom.service.mcp import server
from wherefrom.service.mcp.tools import openai_tools
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.schemas.serialization import json_bytes
from wherefrom.service.settings import Settings


def mcp(settings: Settings) -> None:
    """Serve agents on standard input and output until they leave. Raise AgentsUnavailable."""
    server.check_installed()
    with open_existing(settings) as library:
        asyncio.run(server.serve_stdio(AsyncLibrary(library, threads=settings.threads)))


def tools() -> None:
    """Print the agents' tools as JSON."""
    typer.echo(json_bytes(openai_tools()))


def rebuild(settings: Settings) -> int:
    """Make the index again from the sources that it stores, with the model and the cleaning rules of today."""
    embedder = open_embedder(settings)
    with progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Rebuilding", total=None)
        documents = rebuild_index(settings.data, embedder, lambda _: bar.advance(task), wait=settings.lock_seconds)
    console(sys.stdout).print(f"{count(documents, 'document')} read and embedded again")
    return 0


def index(settings: Settings, paths: Sequence[Path]) -> int:
    """Put files and folders into the index; each refused file is named, and the others go in."""
    told = console(sys.stderr)
    with open_library(settings) as library, progress_bar(told) as bar:
        task = bar.add_task("Indexing", total=None)
        search = bar.add_task("Making it searchable", total=None, visible=False)
        results = ingest(
            library,
            paths,
            on_file=lambda _: bar.advance(task),
            on_total=lambda total: bar.update(task, total=total),
            on_search=lambda done, total: bar.update(search, completed=done, total=total, visible=True),
        )
    if not paths and not results:
        raise typer.BadParameter("no file is indexed yet: name files or folders", param_hint="PATH")
    refused = {result.source: result.error for result in results if result.error is not None}
    for source, error in refused.items():
        told.print(visible(f"refused {source}: {error.removeprefix(f'{source}: ')}"))
    counts = Counter(result.change for result in results)
    changes = ", ".join(f"{counts[change]} {change}" for change in ("added", "updated", "unchanged"))
    console(sys.stdout).print(f"{count(len(results), 'file')}: {changes}, {len(refused)} refused")
    return 1 if refused else 0


def verify(settings: Settings) -> int:
    """Check every citation that the index could give; each that does not hold is named."""
    told = console(sys.stderr)
    with progress_bar(told) as bar:
        task = bar.add_task("Verifying", total=None)
        audit = verify_folder(settings.data, lambda done, total: bar.update(task, completed=done, total=total))
    _show_audit(audit, console(sys.stdout))
    return 1 if audit.mismatches or audit.damaged else 0


def progress_bar(told: Console) -> Progress:
    """Make a bar that is there only while someone watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    return Progress(*columns, console=told, transient=True, disable=not told.is_terminal)


class _Rate(ProgressColumn):
    """How many are done a second."""

    def render(self, task: Task) -> Text:
        """Show nothing until there is something to tell."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


def _show_audit(audit: Audit, out: Console) -> None:
    for mismatch in audit.mismatches:
        out.print(visible(_mismatch_line(mismatch)))
    for problem in audit.damaged:
        out.print(visible(f"damaged: {problem}"))
    documents, paragraphs = count(audit.documents, "document"), count(audit.paragraphs, "paragraph")
    verdict = f"{count(len(audit.mismatches), 'mismatch', 'es')}" if audit.mismatches else "every citation holds"
    out.print(f"{documents}, {paragraphs}, {count(audit.sentences, 'sentence')} checked: {verdict}")


def _mismatch_line(mismatch: Mismatch) -> str:
    paragraph = "" if mismatch.paragraph is None else f", paragraph {mismatch.paragraph}"
    sentence = "" if mismatch.sentence is None else f", sentence {mismatch.sentence}"
    return f"mismatch {mismatch.document_id} ({mismatch.source}{paragraph}{sentence}): {mismatch.reason}"


def count(number: int, noun: str, plural: str = "s") -> str:
    """A number of things, as people say it."""
    return f"{number:,} {noun}{'' if number == 1 else plural}"
