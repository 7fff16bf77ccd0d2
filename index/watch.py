"""Synchronizes an index with folders: new and changed files are indexed, documents of deleted ones are removed.

Each round is a run of `ingest` over the folders that skips unchanged files. Its result does not depend on the changes
that were reported, their order, or missed ones.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import EngineUnavailable, IndexLocked, StorageFull
from wherefrom.index.ingest import Extract, FileResult, Ingestion
from wherefrom.index.library import Library
from wherefrom.index.sources.file_formats import file_of
from wherefrom.index.sources.file_selection import LeftOut, is_hidden
from wherefrom.index.sources.read_result import SourceNote
from wherefrom.index.syncing.file_stamps import FileStamps
from wherefrom.index.syncing.gone_documents import GoneDocument, Scope

DEBOUNCE_MS = 1_600
"""Time in milliseconds within which changes are grouped into one round."""
STEP_MS = 200
"""Time in milliseconds without a change after which a round begins."""
IDLE_MS = 1_000
"""Interval in milliseconds at which an idle watcher checks for `stop`, and that the folders still exist."""
POLL_MS = 1_000
"""Interval in milliseconds at which folders are polled if the system does not report changes."""
UNDECODABLE = "Unable to decode path"
"""What watchfiles raises if a file has changed whose name is not Unicode text."""
AWAY = (
    "a folder that is watched is not there, or is empty as where a disk is not mounted; "
    "nothing of it is removed, and it is awaited (if it is empty for good, `wherefrom index FOLDER --prune`)"
)
PASSING_ERRORS = (EngineUnavailable, IndexLocked, StorageFull)
"""The errors after which a round is tried again."""
Identity = tuple[int, int]
"""The device and inode of a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchReports:
    """The callbacks of a watch: for each change, removal, omission and problem, and once at the first synchronization.

    `on_left_out` gets the entries of the folders that are not read and were not reported before, `on_note` each note
    once. Hidden files are among them only at first: programs make and delete them while they write others.
    """

    on_result: Callable[[FileResult], None]
    on_removed: Callable[[GoneDocument], None]
    on_left_out: Callable[[Sequence[LeftOut]], None]
    on_note: Callable[[SourceNote], None]
    on_problem: Callable[[str], None]
    on_ready: Callable[[], None]


class FolderWatch:
    """Watches folders until `stop` is called."""

    def __init__(
        self,
        library: Library,
        folders: Sequence[Path],
        reports: WatchReports,
        *,
        extract: Extract = extract,
        follow_links: bool = False,
        poll: bool = False,
    ) -> None:
        """Watch with the system's notifications where it has them; with `poll`, by reading the folders."""
        self._library = library
        self._folders = folders
        self._reports = reports
        self._extract = extract
        self._follow_links = follow_links
        self._poll = poll
        self._data = library.data.resolve()
        self._stamps = FileStamps()
        self._refused: dict[str, str] = {}
        self._left_out: frozenset[LeftOut] = frozenset()
        self._notes: set[SourceNote] = set()
        self._filled: set[Identity] = set()
        self._stop = threading.Event()
        self._is_due = True
        self._is_ready = False
        self._problem: str | None = None

    def stop(self) -> None:
        """End `run` after the portion that is being stored. May be called from a signal handler or another thread."""
        self._stop.set()

    def run(self) -> None:
        """Synchronize the index with the folders until `stop` is called."""
        while not self._stop.is_set():
            if not self._can_begin():
                self._stop.wait(IDLE_MS / 1000)
                continue
            identity = self._identity()
            for has_changed in self._changes():
                self._is_due |= has_changed
                if self._identity() != identity:  # a folder was replaced; the watcher watches the old one
                    self._is_due = True
                    break
                if self._is_due and not self._stop.is_set():
                    self._is_due = not self._round()

    def _can_begin(self) -> bool:
        """Return whether the folders are there; report it if they are not, or if the index cannot tell."""
        try:
            if self._are_there():
                return True
            self._tell(AWAY)
        except PASSING_ERRORS as error:
            self._tell(f"{error}; it is tried again")
        return False

    def _changes(self) -> Iterator[bool]:
        """Yield at intervals whether anything has changed; the first item once the watcher is running."""
        import watchfiles  # noqa: PLC0415 - only needed here

        options = {
            "debounce": DEBOUNCE_MS,
            "step": STEP_MS,
            "rust_timeout": IDLE_MS,
            "yield_on_timeout": True,
            "stop_event": self._stop,
            "raise_interrupt": False,
            "poll_delay_ms": POLL_MS,
            "ignore_permission_denied": True,
            "watch_filter": lambda _, path: self._concerns(Path(path)),
        }
        try:
            polls = True if self._poll else None  # None: WATCHFILES_FORCE_POLLING decides
            for changes in watchfiles.watch(*self._folders, force_polling=polls, **options):  # type: ignore[arg-type]
                yield bool(changes)
        except FileNotFoundError:
            return  # a folder was deleted meanwhile
        except (OSError, RuntimeError) as error:
            if UNDECODABLE in str(error):
                self._is_due = True
                return  # what was reported until now is lost, but a round does not depend on it
            if self._poll:
                raise
            self._reports.on_problem(f"the system does not tell of changes ({error}); the folders are polled")
            self._poll = True

    def _concerns(self, path: Path) -> bool:
        """Return whether a changed path may be an article: not a file of the index, and not hidden."""
        if self._is_of_the_index(path):
            return False
        folder = next((folder for folder in self._folders if path.is_relative_to(folder)), None)
        return folder is None or not any(map(is_hidden, path.relative_to(folder).parts))

    def _is_of_the_index(self, path: Path) -> bool:
        return Path(os.path.realpath(path)).is_relative_to(self._data)

    def _round(self) -> bool:
        """Synchronize the index with the current folders; return whether that was possible."""
        try:
            if self._run_over() and not self._stop.is_set():
                self._stamps.forget()  # a file that was skipped may have the removed article, or a version of it
                self._run_over()
            self._library.refresh()
        except PASSING_ERRORS as error:
            self._tell(f"{error}; it is tried again")
            return False
        if self._stop.is_set():
            return True
        self._problem = None
        if not self._is_ready:
            self._is_ready = True
            self._reports.on_ready()
        return True

    def _run_over(self) -> bool:
        """Index changed files, remove gone documents; return whether that may affect files that were not read."""
        left_out: list[LeftOut] = []
        ingestion = Ingestion(
            self._library,
            self._folders,
            extract=self._extract,
            follow_links=self._follow_links,
            prune=True,
            on_left_out=left_out.append,
            on_note=self._note,
            stamps=self._stamps,
        )
        for result in ingestion.results():
            if self._is_news(result):
                self._reports.on_result(result)
            if self._stop.is_set():
                return False
        self._tell_left_out(left_out)
        if not self._are_there():
            return False
        others_concerned = ingestion.took_over
        for removed in ingestion.gone():
            self._reports.on_removed(removed)
            others_concerned |= file_of(removed.source, removed.path) != removed.source
        return others_concerned

    def _is_news(self, result: FileResult) -> bool:
        """Return whether a result is to be reported: a change, or a refusal for a reason not reported before."""
        if result.error is None:
            self._refused.pop(result.source, None)
            return result.change != "unchanged"
        if Path(result.source) in self._folders:
            return False  # the folder has no readable file for now
        was_told = self._refused.get(result.source) == result.error
        self._refused[result.source] = result.error
        return not was_told

    def _tell_left_out(self, entries: Sequence[LeftOut]) -> None:
        """Report the entries that are left out and were not in the run before; of hidden ones those of the first."""
        news = [
            entry
            for entry in entries
            if entry not in self._left_out
            and not (self._is_ready and entry.kind == "hidden")
            and not self._is_of_the_index(entry.path)
        ]
        self._left_out = frozenset(entries)
        if news:
            self._reports.on_left_out(news)

    def _note(self, note: SourceNote) -> None:
        """Report a note on a file once."""
        if note not in self._notes:
            self._notes.add(note)
            self._reports.on_note(note)

    def _are_there(self) -> bool:
        return all(self._is_there(folder) for folder in self._folders)

    def _is_there(self, folder: Path) -> bool:
        """Return whether a folder exists, and is not the place of a disk that is not mounted.

        Such a place is an empty folder. One that had files when this process saw it, or of which nothing is indexed,
        is empty itself.
        """
        identity = _identity(folder)
        if identity is None or not folder.is_dir():
            return False
        if not _is_empty(folder):
            self._filled.add(identity)
            return True
        if identity in self._filled:
            return True
        scope = Scope([folder])
        return not any(scope.covers(path) for path in self._library.paths())

    def _identity(self) -> list[Identity | None]:
        """Return device and inode of each folder, which differ if it was replaced; `None` for a missing one."""
        return [_identity(folder) for folder in self._folders]

    def _tell(self, problem: str) -> None:
        """Report a problem once while it lasts."""
        if problem != self._problem:
            self._problem = problem
            self._reports.on_problem(problem)


def _is_empty(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def _identity(folder: Path) -> Identity | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
