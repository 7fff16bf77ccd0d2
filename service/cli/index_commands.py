"""Commands that write and check an index; each returns its exit code."""

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

from wherefrom.index.audits import Audit, Mismatch
from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.index.ingest import ingest
from wherefrom.index.rebuild import rebuild as rebuild_index
from wherefrom.index.sources.file_selection import LeftOut
from wherefrom.index.sources.read_result import SourceNote
from wherefrom.index.storage import backup as backups
from wherefrom.index.storage.writer import remove_from
from wherefrom.index.verify import verify_folder
from wherefrom.service.bootstrap import open_embedder, open_library
from wherefrom.service.cli.left_out import left_out_lines
from wherefrom.service.cli.rendering import console, visible
from wherefrom.service.settings import Settings


def index(settings: Settings, paths: Sequence[Path], *, follow_links: bool = False) -> int:
    """Index files and folders; each refused file is named, the others are indexed, and what is left out is told."""
    err = console(sys.stderr)
    left_out: list[LeftOut] = []
    notes: list[SourceNote] = []
    pool = _extraction_pool(settings)
    with pool, open_library(settings) as library, _progress_bar(err) as bar:
        files_task = bar.add_task("Indexing", total=None)
        search_task = bar.add_task("Making it searchable", total=None, visible=False)
        results = ingest(
            library,
            paths,
            on_file=lambda _: bar.advance(files_task),
            on_total=lambda total: bar.update(files_task, total=total),
            on_search=lambda done, total: bar.update(search_task, completed=done, total=total, visible=True),
            on_left_out=left_out.append,
            on_note=notes.append,
            follow_links=follow_links,
            extract=pool.extract,
        )
    if not paths and not results:
        raise typer.BadParameter("no file is indexed yet: name files or folders", param_hint="PATH")
    refused = {result.source: result.error for result in results if result.error is not None}
    for source, error in refused.items():
        err.print(visible(f"refused {source}: {error.removeprefix(f'{source}: ')}"))
    warned = [result for result in results if result.warnings]
    for result in warned:
        for warning in result.warnings:
            err.print(visible(f"warning {result.source}: {result.change}, but {warning}"))
    for note in notes:
        err.print(visible(f"note {note.source}: {note.text}"))
    for line in left_out_lines(left_out):
        err.print(visible(line))
    counts = Counter(result.change for result in results)
    changes = ", ".join(f"{counts[change]} {change}" for change in ("added", "updated", "unchanged"))
    incomplete = f", {len(warned)} with a warning" if warned else ""
    console(sys.stdout).print(f"{_count(len(results), 'file')}: {changes}, {len(refused)} refused{incomplete}")
    return 1 if refused else 0


def rebuild(settings: Settings) -> int:
    """Extract and embed the stored sources again, with the present model and cleaning rules."""
    with _extraction_pool(settings) as pool, _progress_bar(console(sys.stderr)) as bar:
        embedder = open_embedder(settings)
        task = bar.add_task("Rebuilding", total=None)
        documents = rebuild_index(
            settings.data,
            embedder,
            lambda _: bar.advance(task),
            wait=settings.lock_seconds,
            extract=pool.extract,
        )
    console(sys.stdout).print(f"{_count(documents, 'document')} read and embedded again")
    return 0


def verify(settings: Settings) -> int:
    """Check every citation that the index could give; each mismatch is named."""
    with _progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Verifying", total=None)
        audit = verify_folder(settings.data, lambda done, total: bar.update(task, completed=done, total=total))
    _show_audit(audit, console(sys.stdout))
    return 1 if audit.mismatches or audit.damaged else 0


def remove(settings: Settings, document_ids: Sequence[str]) -> int:
    """Remove documents, all of them or none."""
    remove_from(settings.data, document_ids, wait=settings.lock_seconds)
    console(sys.stdout).print(f"{_count(len(document_ids), 'document')} removed")
    return 0


def back_up(settings: Settings, file: Path) -> int:
    """Copy the index to a file, also while it is being written."""
    with _progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Copying", total=None)
        documents = backups.backup(
            settings.data, file, lambda done, total: bar.update(task, completed=done, total=total)
        )
    console(sys.stdout).print(f"{_count(documents, 'document')} checked and copied")
    return 0


def restore(settings: Settings, file: Path, *, replace: bool) -> int:
    """Restore a backup into the data folder."""
    documents = backups.restore(file, settings.data, replace=replace, wait=settings.lock_seconds)
    console(sys.stdout).print(f"{_count(documents, 'document')} checked and restored")
    return 0


def _extraction_pool(settings: Settings) -> ExtractionPool:
    """Return a pool whose process starts while the model is loaded."""
    pool = ExtractionPool(seconds_per_mib=settings.reading_seconds, memory_mib=settings.reading_mib)
    pool.warm_up()
    return pool


def _progress_bar(err: Console) -> Progress:
    """Return a progress bar that is shown only in a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)


class _Rate(ProgressColumn):
    """The number of items per second."""

    def render(self, task: Task) -> Text:
        """Return the rate; empty until it is known."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


def _show_audit(audit: Audit, out: Console) -> None:
    for mismatch in audit.mismatches:
        out.print(visible(_mismatch_line(mismatch)))
    for problem in audit.damaged:
        out.print(visible(f"damaged: {problem}"))
    documents, paragraphs = _count(audit.documents, "document"), _count(audit.paragraphs, "paragraph")
    verdict = f"{_count(len(audit.mismatches), 'mismatch', 'es')}" if audit.mismatches else "every citation holds"
    sentences, headings = _count(audit.sentences, "sentence"), _count(audit.headings, "heading")
    out.print(f"{documents}, {paragraphs}, {headings}, {sentences} checked: {verdict}")


def _mismatch_line(mismatch: Mismatch) -> str:
    paragraph = "" if mismatch.paragraph is None else f", paragraph {mismatch.paragraph}"
    sentence = "" if mismatch.sentence is None else f", sentence {mismatch.sentence}"
    return f"mismatch {mismatch.document_id} ({mismatch.source}{paragraph}{sentence}): {mismatch.reason}"


def _count(number: int, noun: str, plural_suffix: str = "s") -> str:
    """Return a number with its noun in singular or plural."""
    return f"{number:,} {noun}{'' if number == 1 else plural_suffix}"
