"""Commands that put files and folders into an index and keep it in step with them; each returns its exit code."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console

from wherefrom.index.ingest import FileResult, Ingestion
from wherefrom.index.sources.file_selection import LeftOut
from wherefrom.index.sources.read_result import SourceNote
from wherefrom.service.bootstrap import extraction_pool, open_library
from wherefrom.service.cli.gone import gone_lines, removed_line
from wherefrom.service.cli.left_out import left_out_lines
from wherefrom.service.cli.progress import progress_bar
from wherefrom.service.cli.rendering import console, count, visible
from wherefrom.service.settings import Settings

CHANGES = ("added", "updated", "unchanged")


class Tally:
    """Counts results, and prints at once what a user should know of one."""

    def __init__(self, err: Console) -> None:
        self._err = err
        self._changes: Counter[str] = Counter()
        self._warned = 0
        self.refused = 0
        self.total = 0

    def add(self, result: FileResult) -> None:
        """Count a result; print it if it was refused or has warnings."""
        self.total += 1
        if result.error is not None:
            self.refused += 1
            self._err.print(visible(f"refused {result.source}: {result.error.removeprefix(f'{result.source}: ')}"))
        if result.change is not None:
            self._changes[result.change] += 1
        for warning in result.warnings:
            self._err.print(visible(f"warning {result.source}: {result.change}, but {warning}"))
        self._warned += bool(result.warnings)

    def summary(self, files: int) -> str:
        """Return the counts as a line; articles are counted where files hold more than one."""
        counted = count(files, "file")
        if self.total != files:
            counted = f"{count(self.total, 'article')} in {counted}"
        changes = ", ".join(f"{self._changes[change]:,} {change}" for change in CHANGES)
        warned = f", {self._warned:,} with a warning" if self._warned else ""
        return f"{counted}: {changes}, {self.refused:,} refused{warned}"


def index(settings: Settings, paths: Sequence[Path], *, follow_links: bool = False, prune: bool = False) -> int:
    """Index files and folders; tell which are refused, which are left out, and which documents are gone."""
    err = console(sys.stderr)
    tally = Tally(err)
    left_out: list[LeftOut] = []
    notes: list[SourceNote] = []
    pool = extraction_pool(settings)
    with pool, open_library(settings) as library, progress_bar(err) as bar:
        articles = bar.add_task("Indexing", total=None, unit="articles")
        searchable = bar.add_task("Making it searchable", total=None, visible=False, unit="documents")
        ingestion = Ingestion(
            library,
            paths,
            extract=pool.extract,
            follow_links=follow_links,
            prune=prune,
            on_total=(lambda total: bar.update(articles, total=total)) if err.is_terminal else None,
            on_left_out=left_out.append,
            on_note=notes.append,
        )
        for result in ingestion.results():
            tally.add(result)
            bar.advance(articles)
        gone = []
        for document in ingestion.gone():
            gone.append(document)
            if prune:
                err.print(visible(removed_line(document)))
        library.refresh(lambda done, total: bar.update(searchable, completed=done, total=total, visible=True))
    if not paths and not tally.total and not gone:
        raise typer.BadParameter("no file is indexed yet: name files or folders", param_hint="PATH")
    for note in notes:
        err.print(visible(f"note {note.source}: {note.text}"))
    for line in (*left_out_lines(left_out), *(() if prune else gone_lines(gone))):
        err.print(visible(line))
    ending = f", {len(gone):,} {'removed' if prune else 'gone'}" if gone else ""
    console(sys.stdout).print(tally.summary(ingestion.files) + ending)
    return 1 if tally.refused else 0
