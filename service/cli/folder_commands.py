"""Commands that put files and folders into an index and keep it in step with them; each returns its exit code."""

import glob
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from wherefrom.index.engine import Progress
from wherefrom.index.errors import EngineUnavailable, WherefromError
from wherefrom.index.ingest import FileResult, Ingestion
from wherefrom.index.library import Library
from wherefrom.index.sources.file_selection import LeftOut
from wherefrom.index.sources.read_result import SourceNote
from wherefrom.index.syncing.gone_documents import GoneDocument
from wherefrom.index.watch import FolderWatch, WatchReports
from wherefrom.service.bootstrap import extraction_pool, open_library, open_worker_embedder
from wherefrom.service.catalogs import has_files
from wherefrom.service.cli.changed_documents import MAX_NAMED, changed_lines
from wherefrom.service.cli.options import URL_STARTS
from wherefrom.service.cli.progress import progress_bar
from wherefrom.service.cli.rendering import console, count, visible
from wherefrom.service.run_reports import gone_lines, left_out_lines, removed_line
from wherefrom.service.settings import Settings

OTHER_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:/|www\.", re.IGNORECASE)
"""The beginning of what people name as an address, although it is not one of a page."""
CHANGES = ("added", "updated", "unchanged")


class Tally:
    """Counts results, and prints refusals and warnings at once."""

    def __init__(self, err: Console) -> None:
        self._err = err
        self._changes: Counter[str] = Counter()
        self._warned = 0
        self._duplicates = 0
        self.refused = 0
        self.total = 0
        self._first_changed: list[FileResult] = []
        self._changed = 0

    def add(self, result: FileResult) -> None:
        """Count a result; print it if it was refused or has warnings."""
        self.total += 1
        if result.error is not None:
            self.refused += 1
            self._err.print(visible(f"refused {result.source}: {result.error.removeprefix(f'{result.source}: ')}"))
        if result.duplicate_of is not None:
            self._duplicates += 1
        elif result.change is not None:
            self._changes[result.change] += 1
        if result.document_id is not None:
            self._changed += 1
            if len(self._first_changed) < MAX_NAMED:
                self._first_changed.append(result)
        for warning in result.warnings:
            self._err.print(visible(f"warning {result.source}: {result.change}, but {warning}"))
        self._warned += bool(result.warnings)

    def changed(self) -> Iterator[str]:
        """Yield the lines with the ids of the documents that were added or updated."""
        return changed_lines(self._first_changed, self._changed)

    def summary(self, files: int, addresses: int) -> str:
        """Return the counts as a line; it has the number of articles if that differs from the number of files."""
        counted = count(files, "file") if files or not addresses else ""
        if addresses:
            counted = " and ".join(filter(None, (counted, count(addresses, "address", "es"))))
        if addresses or self.total != files:
            counted = f"{count(self.total, 'article')} from {counted}"
        return f"{counted}: {self._counts()}"

    def interrupted(self) -> str:
        """Return the line for a run that ends before its last file."""
        done = f"stopped after {count(self.total, 'article')}: {self._counts()}"
        return f"{done}; what is stored stays, and the same command does the rest"

    def _counts(self) -> str:
        changes = ", ".join(f"{self._changes[change]:,} {change}" for change in CHANGES)
        warned = f", {self._warned:,} with a warning" if self._warned else ""
        duplicates = f", {count(self._duplicates, 'duplicate')}" if self._duplicates else ""
        return f"{changes}, {self.refused:,} refused{duplicates}{warned}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The flags of `index`."""

    follow_links: bool
    prune: bool
    allow_private_addresses: bool
    max_pages: int
    ray: str | None = None


def index(settings: Settings, named: Sequence[str], choices: Choices) -> int:
    """Index files, folders and pages; print refused articles, files left out, and documents that are gone."""
    if not named and not has_files(settings):
        raise typer.BadParameter("no file is indexed yet: name files or folders", param_hint="PATH")
    _refuse_other_addresses(named)
    tally = Tally(console(sys.stderr))
    try:
        return _index(settings, named, choices, tally)
    except (WherefromError, KeyboardInterrupt):
        if tally.total:
            for line in (*tally.changed(), tally.interrupted()):
                console(sys.stdout).print(visible(line))
        raise


def _index(settings: Settings, named: Sequence[str], choices: Choices, tally: Tally) -> int:
    err = console(sys.stderr)
    left_out: list[LeftOut] = []
    notes: list[SourceNote] = []
    gone: list[GoneDocument] = []
    urls = [name for name in named if name.lower().startswith(URL_STARTS)]
    paths = [Path(name) for name in named if name not in urls]
    pool = extraction_pool(settings)
    with (
        pool,
        open_library(settings) as library,
        progress_bar(err) as bar,
        _ingestion_class(settings, choices) as create,
    ):
        articles = bar.add_task("Indexing", total=None, unit="articles")
        searchable = bar.add_task("Making it searchable", total=None, visible=False, unit="documents")
        ingestion = create(
            library,
            paths,
            extract=pool.extract,
            follow_links=choices.follow_links,
            prune=choices.prune,
            on_total=(lambda total: bar.update(articles, total=total)) if err.is_terminal else None,
            on_left_out=left_out.append,
            on_note=notes.append,
        )
        if paths or not urls:
            for result in ingestion.results():
                tally.add(result)
                bar.advance(articles)
            for document in ingestion.gone():
                gone.append(document)
                if choices.prune:
                    err.print(visible(removed_line(document)))
        for result in _fetched(ingestion, urls, choices, lambda more: bar.update(articles, total=tally.total + more)):
            tally.add(result)
            bar.advance(articles)
        unsearchable = _refresh(
            library, lambda done, total: bar.update(searchable, completed=done, total=total, visible=True)
        )
    for note in notes:
        err.print(visible(f"note {note.source}: {note.text}"))
    for line in (*left_out_lines(left_out), *(() if choices.prune else gone_lines(gone))):
        err.print(visible(line))
    for line in tally.changed():
        console(sys.stdout).print(visible(line))
    ending = f", {len(gone):,} {'removed' if choices.prune else 'gone'}" if gone else ""
    console(sys.stdout).print(tally.summary(ingestion.files, len(urls)) + ending)
    if unsearchable is not None:
        err.print(visible(f"{unsearchable}; what is stored is found once it is back"))
    return 1 if tally.refused or unsearchable is not None else 0


def _refresh(library: Library, progress: Progress) -> EngineUnavailable | None:
    """Make what is stored searchable; return the error if Milvus or PostgreSQL cannot be reached."""
    try:
        library.refresh(progress)
    except EngineUnavailable as error:
        return error
    return None


def _refuse_other_addresses(named: Sequence[str]) -> None:
    """Raise BadParameter if a name is no file and was probably meant as an address."""
    for name in named:
        if OTHER_ADDRESS.match(name) and not name.lower().startswith(URL_STARTS) and not _names_files(name):
            reason = f"{name} is no file, and addresses begin with http:// or https://"
            raise typer.BadParameter(reason, param_hint="PATH")


def _names_files(name: str) -> bool:
    """Return whether a name is that of a file or folder, or a pattern that matches one."""
    return Path(name).exists() or any(glob.iglob(name, recursive=True))  # noqa: PTH207 - relative or absolute


@contextmanager
def _ingestion_class(settings: Settings, choices: Choices) -> Iterator[Callable[..., Ingestion]]:
    """Yield the factory of the ingestion; with `ray`, it uses the workers of a Ray cluster, which is held meanwhile."""
    if choices.ray is None:
        yield Ingestion
        return
    from wherefrom.index.on_ray.ingestion import RayIngestion, RayWorkers, ray_cluster  # noqa: PLC0415 - an extra

    load = partial(open_worker_embedder, settings.model, settings.models, settings.encoder)
    with ray_cluster(choices.ray) as cpus:

        def create(library: Library, paths: Sequence[Path], **options: Any) -> Ingestion:  # noqa: ANN401
            workers = RayWorkers(
                count=cpus,
                load=load,
                identity=library.model,
                seconds_per_mib=settings.reading_seconds,
                memory_mib=settings.reading_mib,
            )
            return RayIngestion(library, paths, workers, **options)

        yield create


def _fetched(
    ingestion: Ingestion, urls: Sequence[str], choices: Choices, on_total: Callable[[int], None]
) -> Iterator[FileResult]:
    """Fetch the pages, feeds and sitemaps at addresses, and yield the result of each article."""
    if not urls:
        return
    from wherefrom.index.fetching.web_articles import WebArticles  # noqa: PLC0415 - only needed for addresses
    from wherefrom.index.fetching.web_client import WebClient  # noqa: PLC0415

    with WebClient(allow_private=choices.allow_private_addresses) as client:
        web = WebArticles(client, max_pages=choices.max_pages, on_total=on_total)
        for url in urls:
            yield from ingestion.fetched(web.at(url), url)


def watch(settings: Settings, folders: Sequence[Path], *, follow_links: bool = False, poll: bool = False) -> int:
    """Keep the index in step with folders until SIGTERM or SIGINT, and print a line for each change."""
    out, err = console(sys.stdout), console(sys.stderr)
    for folder in folders:
        if not folder.is_dir():
            raise typer.BadParameter(f"{folder} is not a folder", param_hint="FOLDER")
        if not _is_text(str(folder)):
            raise typer.BadParameter(f"{str(folder)!a}: its name is not Unicode text; rename it", param_hint="FOLDER")

    def show_left_out(left_out: Sequence[LeftOut]) -> None:
        for line in left_out_lines(left_out):
            err.print(visible(line))

    def show(result: FileResult) -> None:
        if result.error is not None:
            err.print(visible(f"refused {result.source}: {result.error.removeprefix(f'{result.source}: ')}"))
            return
        out.print(visible(f"{result.change} {result.source}"))
        for warning in result.warnings:
            err.print(visible(f"warning {result.source}: {result.change}, but {warning}"))

    names = ", ".join(map(str, folders))
    with extraction_pool(settings) as pool, open_library(settings) as library:
        reports = WatchReports(
            on_result=show,
            on_removed=lambda removed: out.print(visible(removed_line(removed))),
            on_left_out=show_left_out,
            on_note=lambda note: err.print(visible(f"note {note.source}: {note.text}")),
            on_problem=lambda problem: err.print(visible(problem)),
            on_ready=lambda: out.print(visible(f"in step with {names}; watching it, until Ctrl+C")),
        )
        watching = FolderWatch(library, folders, reports, extract=pool.extract, follow_links=follow_links, poll=poll)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: watching.stop())
        watching.run()
    return 0


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
