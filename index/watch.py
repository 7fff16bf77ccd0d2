"""Keeps an index in step with folders: whatever changes in them is indexed, and what is gone is removed.

Each round is a run over the folders as `ingest` makes it, in which files that are as they were need not be read. So
it does not matter which changes were noticed, in which order they came, or whether one was missed.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import IndexLocked, StorageFull
from wherefrom.index.ingest import Extract, FileResult, Ingestion
from wherefrom.index.library import Library
from wherefrom.index.sources.file_formats import file_of
from wherefrom.index.syncing.file_stamps import FileStamps
from wherefrom.index.syncing.gone_documents import GoneDocument

DEBOUNCE_MS = 1_600
"""Changes that come within this time make one round."""
STEP_MS = 200
"""A round begins when nothing has changed for this time."""
IDLE_MS = 1_000
"""How often a watcher that has nothing to tell looks whether it is to stop, and whether the folders are still there."""
POLL_MS = 1_000
"""How often a folder is read where the system does not tell of changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchReports:
    """What is called during a watch: with each change and refusal, and when the index is in step for the first time."""

    on_result: Callable[[FileResult], None]
    on_removed: Callable[[GoneDocument], None]
    on_problem: Callable[[str], None]
    on_ready: Callable[[], None]


class FolderWatch:
    """Watches folders until it is told to stop."""

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
        """Without `poll`, changes are noticed by the system's notifications where it has them."""
        self._library = library
        self._folders = folders
        self._reports = reports
        self._extract = extract
        self._follow_links = follow_links
        self._poll = poll
        self._data = library.data.resolve()
        self._stamps = FileStamps()
        self._refused: dict[str, str] = {}
        self._stop = threading.Event()
        self._is_due = True
        self._is_ready = False
        self._problem: str | None = None

    def stop(self) -> None:
        """End `run` after the portion that is being stored. May be called by a signal handler or another thread."""
        self._stop.set()

    def run(self) -> None:
        """Bring the index in step with the folders, and keep it so until `stop` is called."""
        while not self._stop.is_set():
            if not self._are_there():
                self._tell("a folder that is watched is not there; nothing of it is removed, and it is awaited")
                self._stop.wait(IDLE_MS / 1000)
                continue
            identity = self._identity()
            for has_changed in self._changes():
                self._is_due |= has_changed
                if self._identity() != identity:  # another folder has its name now, of which the watcher knows nothing
                    self._is_due = True
                    break
                if self._is_due and not self._stop.is_set():
                    self._is_due = not self._round()

    def _changes(self) -> Iterator[bool]:
        """Yield whether something has changed, from time to time; the first time once changes are noticed."""
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
            polls = True if self._poll else None  # None: as WATCHFILES_FORCE_POLLING says
            for changes in watchfiles.watch(*self._folders, force_polling=polls, **options):  # type: ignore[arg-type]
                yield bool(changes)
        except FileNotFoundError:
            return  # a folder has gone meanwhile
        except (OSError, RuntimeError) as error:
            if self._poll:
                raise
            self._reports.on_problem(f"the system does not tell of changes ({error}); the folders are polled")
            self._poll = True

    def _concerns(self, path: Path) -> bool:
        """Return whether a change may be one of an article; the index's own files are not, nor hidden ones."""
        if Path(os.path.realpath(path)).is_relative_to(self._data):
            return False
        folder = next((folder for folder in self._folders if path.is_relative_to(folder)), None)
        return folder is None or not any(part.startswith(".") for part in path.relative_to(folder).parts)

    def _round(self) -> bool:
        """Bring the index in step with the folders as they are; return whether that was possible."""
        try:
            if self._run_over() and not self._stop.is_set():
                self._stamps.forget()  # another file may hold what has gone, or another version of it
                self._run_over()
        except (IndexLocked, StorageFull) as error:
            self._tell(f"{error}; it is tried again")
            return False
        self._problem = None
        self._library.refresh()
        if not self._is_ready:
            self._is_ready = True
            self._reports.on_ready()
        return True

    def _run_over(self) -> bool:
        """Index what has changed and remove what has gone; return whether that may concern files that were not read."""
        ingestion = Ingestion(
            self._library,
            self._folders,
            extract=self._extract,
            follow_links=self._follow_links,
            prune=True,
            stamps=self._stamps,
        )
        for result in ingestion.results():
            if self._is_news(result):
                self._reports.on_result(result)
            if self._stop.is_set():
                return False
        if not self._are_there():
            return False
        others_concerned = ingestion.took_over
        for removed in ingestion.gone():
            self._reports.on_removed(removed)
            others_concerned |= file_of(removed.source, removed.path) != removed.source
        return others_concerned

    def _is_news(self, result: FileResult) -> bool:
        """Return whether a result is worth telling: a change, or a refusal for a reason that was not told before."""
        if result.error is None:
            self._refused.pop(result.source, None)
            return result.change != "unchanged"
        if Path(result.source) in self._folders:
            return False  # it holds no file that is read, for now
        was_told = self._refused.get(result.source) == result.error
        self._refused[result.source] = result.error
        return not was_told

    def _are_there(self) -> bool:
        return all(folder.is_dir() for folder in self._folders)

    def _identity(self) -> list[tuple[int, int] | None]:
        """Return what tells the folders from others with the same names."""
        return [_identity(folder) for folder in self._folders]

    def _tell(self, problem: str) -> None:
        """Report a problem once, until it is over."""
        if problem != self._problem:
            self._problem = problem
            self._reports.on_problem(problem)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
