"""Ingestion whose files are read, cleaned and embedded on Ray workers, while this process stores the results.

This process reads every file too, which is cheap, decides as always which documents are unchanged and which ids they
get, and takes documents and vectors from the workers. It prepares documents that the workers did not, so that the index
is the same as without Ray.
"""

import logging
import os
import pickle
import socket
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Self

from wherefrom.index.cleaning.extraction_pool import MEMORY_MIB, SECONDS_PER_MIB
from wherefrom.index.cores import available_cores
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity
from wherefrom.index.engine import Item, ItemVectors
from wherefrom.index.errors import IndexUnusable, SourceRejected
from wherefrom.index.ingest import Extract, FileResult, Ingestion
from wherefrom.index.library import Library
from wherefrom.index.on_ray.workers import (
    PORTION_DOCUMENTS,
    ArticleKey,
    EncodingWorker,
    FileTask,
    Prepared,
    key_of,
    unpack,
)
from wherefrom.index.sources.file_formats import may_hold_many
from wherefrom.index.sources.file_selection import STANDARD_INPUT, SelectedFile
from wherefrom.index.types import Document, RawSource

LOCAL = "local"
"""The address for a new Ray cluster on this machine, which ends with the command."""
CONNECT_SECONDS = 10.0
"""Time limit of a first connection to a cluster; Ray itself tries for many minutes, and says nothing to the user."""
FILES_PER_TASK = 16
"""Number of files that a worker gets at a time; if it is killed, these files are read again."""
ARTICLE_BYTES = 512
"""Assumed minimum size of an article in a file of many; with smaller articles the last part is larger."""
MAX_PARTS = 1_024
"""Maximum number of parts of one file; larger files have larger parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RayWorkers:
    """The workers of a Ray cluster: their number, the function that loads the model, the limits of an extraction."""

    count: int
    load: Callable[[], Embedder]
    identity: ModelIdentity
    seconds_per_mib: float = SECONDS_PER_MIB
    memory_mib: int = MEMORY_MIB

    def prepare(self, tasks: Sequence[FileTask]) -> Generator[Prepared, None, None]:
        """Yield the articles of files in order; workers pause while results are not consumed.

        A worker that dies is replaced, and its tasks are repeated. Raises IndexUnusable if the workers fail.
        """
        import ray  # noqa: PLC0415 - an extra
        import ray.data  # noqa: PLC0415

        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        divided = [parts_of(task) for task in tasks]
        known = {task.number: task.known for task, parts in zip(tasks, divided, strict=True) if len(parts) > 1}
        groups = grouped(list(chain.from_iterable(divided)), self.count)
        rows = [{"tasks": pickle.dumps(group, pickle.HIGHEST_PROTOCOL)} for group in groups]
        prepared = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
            EncodingWorker,
            batch_size=None,
            compute=ray.data.ActorPoolStrategy(size=self.count),
            fn_constructor_args=(self.load, self.identity, self.seconds_per_mib, self.memory_mib, known),
            num_cpus=1,
        )
        try:
            for batch in prepared.iter_batches(batch_size=None, prefetch_batches=1):
                yield from unpack(batch)
        except ray.exceptions.RayError as error:
            raise IndexUnusable(
                f"the Ray workers failed; stored documents are kept, and the same command continues from there: {error}"
            ) from error


def parts_of(task: FileTask) -> list[FileTask]:
    """Divide a file that may hold many articles into parts that workers read in parallel; return others undivided.

    The number of articles is unknown before the file is read: the last part has all remaining articles, and parts may
    be empty. Parts have an empty `known`; the workers get it once for each file.
    """
    articles = _max_articles(task.path)
    if articles <= PORTION_DOCUMENTS:
        return [task]
    step = max(PORTION_DOCUMENTS, -(-articles // MAX_PARTS))
    parts = [replace(task, first=first, stop=first + step, known=frozenset()) for first in range(0, articles, step)]
    return [*parts[:-1], replace(parts[-1], stop=None)]


def grouped(tasks: Sequence[FileTask], workers: int) -> list[list[FileTask]]:
    """Return consecutive tasks in groups, each for one worker: a part of a file alone, or several files."""
    size = min(FILES_PER_TASK, -(-len(tasks) // workers))
    groups: list[list[FileTask]] = []
    for task in tasks:
        if groups and len(groups[-1]) < size and not task.is_part and not groups[-1][-1].is_part:
            groups[-1].append(task)
        else:
            groups.append([task])
    return groups


def _max_articles(path: Path) -> int:
    """Return an upper estimate of the articles in a file; 1 for a format that holds a single article."""
    if not may_hold_many(path.name):
        return 1
    try:
        return path.stat().st_size // ARTICLE_BYTES
    except OSError:
        return 1


@contextmanager
def ray_cluster(address: str = LOCAL) -> Iterator[int]:
    """Connect to a Ray cluster, or start one on this machine; yield the number of its CPUs.

    Raises IndexUnusable if Ray is missing or no cluster answers.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise IndexUnusable("indexing on Ray needs an extra: pip install 'wherefrom[ray]'") from error
    _check_reachable(address)
    try:
        if address == LOCAL:
            ray.init(
                address=LOCAL,
                num_cpus=available_cores(),
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
                _node_ip_address="127.0.0.1",
            )
        else:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise IndexUnusable(f"no Ray cluster answers at {address}: {error}") from error
    try:
        resources: Mapping[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        yield max(int(resources.get("CPU", 1)), 1)
    finally:
        ray.shutdown()


def _check_reachable(address: str) -> None:
    """Raise IndexUnusable if nothing listens at the host and port of an address."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
    except (OSError, OverflowError, UnicodeError) as error:
        raise IndexUnusable(f"no Ray cluster answers at {address}: {error}") from error


def _no_entries() -> Generator[Prepared, None, None]:
    yield from ()


class PreparedArticles:
    """Provides prepared documents and vectors from an iterator over the articles of files, in its order."""

    def __init__(self, library: Library, extract: Extract) -> None:
        """Create it; articles that were not prepared are read by `extract` and embedded by `library`."""
        self._library = library
        self._extract = extract
        self._entries: Generator[Prepared, None, None] = _no_entries()
        self._ahead: Prepared | None = None
        self._number = -1
        self._is_ended = True
        self._found: dict[ArticleKey, Prepared] = {}
        self._vectors: dict[int, tuple[Document, ItemVectors]] = {}

    def start(self, entries: Generator[Prepared, None, None]) -> Self:
        """Take prepared articles from `entries`."""
        self._entries = entries
        return self

    def close(self) -> None:
        """Stop the workers, even if not all articles were taken."""
        self._entries.close()

    def begin(self, number: int | None) -> None:
        """Begin the file with this number, which must be above those before; `None` for a file that is not prepared."""
        self._found.clear()
        self._vectors.clear()
        self._is_ended = number is None
        if number is not None:
            self._number = number

    def extract(self, source: RawSource) -> Document:
        """Return the document in a source of the file. Raise SourceRejected."""
        key = key_of(source)
        while key not in self._found and not self._is_ended:
            self._take()
        entry = self._found.pop(key, None)
        if entry is None:
            return self._extract(source)
        if entry.document is None:
            raise SourceRejected(source.name, entry.reason)
        document = replace(entry.document, raw=source.raw)
        self._vectors[id(document)] = (document, entry.vectors)
        return document

    def embed(self, items: Sequence[Item]) -> Sequence[ItemVectors]:
        """Return the vectors of documents: prepared ones, or else vectors that the library computes."""
        missing = [item for item in items if id(item[1]) not in self._vectors]
        made = iter(self._library.embed(missing) if missing else ())
        known = [self._vectors.pop(id(document), None) for _, document in items]
        return [next(made) if each is None else each[1] for each in known]

    def _take(self) -> None:
        """Take the next entry, and skip entries of earlier files that were not requested."""
        entry = next(self._entries, None) if self._ahead is None else self._ahead
        self._ahead = None
        if entry is None or entry.number > self._number:
            self._ahead, self._is_ended = entry, True
        elif entry.number == self._number:
            if entry.key is None:
                self._is_ended = True
            else:
                self._found[entry.key] = entry


class RayIngestion(Ingestion):
    """An ingestion whose articles are prepared by Ray workers; see `Ingestion`."""

    def __init__(
        self,
        library: Library,
        paths: Sequence[Path],
        workers: RayWorkers,
        *,
        extract: Extract,
        **options: Any,  # noqa: ANN401 - those of Ingestion
    ) -> None:
        self._workers = workers
        self._prepared = PreparedArticles(library, extract)
        self._numbers: Mapping[SelectedFile, int] = {}
        super().__init__(library, paths, extract=self._prepared.extract, embed=self._prepared.embed, **options)

    def results(self) -> Iterator[FileResult]:
        """Add or update the files and yield the result of each article; the workers end with the last one."""
        try:
            yield from super().results()
        finally:
            self._prepared.close()

    def _selected(self) -> list[SelectedFile | SourceRejected]:
        files = super()._selected()
        self._numbers = {
            file: number
            for number, file in enumerate(files)
            if isinstance(file, SelectedFile) and file.path != STANDARD_INPUT
        }
        tasks = [
            FileTask(number=number, path=file.path.absolute(), source=file.source, known=self._known(file))
            for file, number in self._numbers.items()
        ]
        if tasks:
            self._prepared.start(self._workers.prepare(tasks))
        return files

    def _read(self, file: SelectedFile) -> Iterator[FileResult]:
        self._prepared.begin(self._numbers.get(file))
        yield from super()._read(file)

    def _known(self, file: SelectedFile) -> frozenset[str]:
        """Return the SHA-256 of the stored sources of a file."""
        ids = self._library.ids_from(Path(os.path.realpath(file.path)))
        return frozenset(self._library.source(document_id).source_sha256 for document_id in ids)
