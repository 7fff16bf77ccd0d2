"""Reads, cleans and embeds files, or parts of them, in a Ray worker, which has an encoder of its own."""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.index.embedding.paragraph_vectors import embed_documents
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity
from wherefrom.index.engine import ItemVectors
from wherefrom.index.errors import IndexMismatch, SourceRejected
from wherefrom.index.sources.file_formats import read_file
from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.storage.serialization import dump_given
from wherefrom.index.types import Document, RawSource

PORTION_DOCUMENTS = 64
"""Maximum number of documents that are embedded and sent back together."""
PORTION_CHARACTERS = 64 * 1024
"""A portion ends with the document with which its paragraphs reach this size."""
ArticleKey = tuple[str, str, str | None, str]
"""The inputs of an article's extraction: its name, the SHA-256 of its bytes, its media type, and the given metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTask:
    """A file to read, or a part of it; `number` is its position among all files.

    A part has the articles from number `first`, counted from 0, up to `stop`, the latter excluded; the last part has no
    `stop`. `known` are the SHA-256 of articles that are stored already, which are not prepared.
    """

    number: int
    path: Path
    source: str
    first: int = 0
    stop: int | None = None
    known: frozenset[str] = frozenset()

    @property
    def is_part(self) -> bool:
        """Whether the file has other parts."""
        return self.first > 0 or self.stop is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article of a file: its document without the bytes, and its vectors; or, if it was refused, the reason.

    An entry without a key marks the end of the file.
    """

    number: int
    key: ArticleKey | None = None
    document: Document | None = None
    vectors: ItemVectors = None
    reason: str = ""


def key_of(source: RawSource) -> ArticleKey:
    """Return the inputs of an article's extraction."""
    return source.name, sha256(source.raw).hexdigest(), source.media_type, dump_given(source.given)


class PartReader:
    """Reads parts of files. A later part of the same file continues where the part before ended."""

    def __init__(self) -> None:
        self._number: int | None = None
        self._results: Iterator[ReadResult] = iter(())
        self._position = 0

    def read(self, task: FileTask) -> Iterator[ReadResult]:
        """Yield the articles of a part of a file, in order. Raises OSError."""
        if self._number != task.number or self._position > task.first:
            self._number, self._position = task.number, 0
            self._results = read_file(task.path, task.source)
        while task.stop is None or self._position < task.stop:
            result = next(self._results, None)
            if result is None:
                return
            self._position += 1
            if self._position > task.first:
                yield result


class EncodingWorker:
    """The class of the Ray actors: it loads the model once, and prepares the articles of tasks."""

    def __init__(
        self,
        load: Callable[[], Embedder],
        identity: ModelIdentity,
        seconds_per_mib: float,
        memory_mib: int,
        known_by_file: Mapping[int, frozenset[str]] | None = None,
    ) -> None:
        """Load the model. Raise IndexMismatch if it is not the one with this identity.

        `known_by_file` has the SHA-256 of the stored articles of files in several parts, by the number of the file.
        """
        self._embedder = load()
        actual = self._embedder.identity
        if (actual.sha256, actual.dimension, actual.files) != (identity.sha256, identity.dimension, identity.files):
            raise IndexMismatch(
                f"a Ray worker has the model {actual.name} (SHA-256 {actual.sha256[:12]}…), not {identity.name}"
                f" ({identity.sha256[:12]}…): install the same model on every node"
            )
        self._pool = ExtractionPool(seconds_per_mib=seconds_per_mib, memory_mib=memory_mib)
        self._known_by_file = known_by_file or {}
        self._parts = PartReader()

    def __call__(self, batch: Mapping[str, Sequence[bytes]]) -> Iterator[dict[str, list[bytes]]]:
        """Yield the entries of pickled sequences of tasks, in order, in portions."""
        portion: list[Prepared] = []
        characters = 0
        for tasks in batch["tasks"]:
            entries = (entry for task in pickle.loads(tasks) for entry in self._read(task))  # noqa: S301 - our own
            for entry in entries:
                portion.append(entry)
                if entry.document is not None:
                    characters += sum(len(paragraph.text) for paragraph in entry.document.paragraphs)
                if len(portion) >= PORTION_DOCUMENTS or characters >= PORTION_CHARACTERS:
                    yield self._embedded(portion)
                    portion, characters = [], 0
        if portion:
            yield self._embedded(portion)

    def _read(self, task: FileTask) -> Iterator[Prepared]:
        """Yield the articles of a task; a file that cannot be read is reported by the driver, which reads it too."""
        known = task.known | self._known_by_file.get(task.number, frozenset())
        try:
            for source in self._parts.read(task):
                if isinstance(source, RawSource) and sha256(source.raw).hexdigest() not in known:
                    yield self._extracted(task.number, source)
        except OSError:
            pass
        if task.stop is None:
            yield Prepared(number=task.number)

    def _extracted(self, number: int, source: RawSource) -> Prepared:
        try:
            document = self._pool.extract(source)
        except SourceRejected as error:
            return Prepared(number=number, key=key_of(source), reason=error.reason)
        return Prepared(number=number, key=key_of(source), document=replace(document, raw=b""))

    def _embedded(self, portion: Sequence[Prepared]) -> dict[str, list[bytes]]:
        """Return the pickled entries of a portion with their vectors."""
        documents = [entry.document for entry in portion if entry.document is not None]
        vectors = iter(embed_documents(documents, self._embedder))
        entries = [entry if entry.document is None else replace(entry, vectors=next(vectors)) for entry in portion]
        return {"entry": [pickle.dumps(entry, pickle.HIGHEST_PROTOCOL) for entry in entries]}


def unpack(batch: Mapping[str, Any]) -> Iterator[Prepared]:
    """Yield the entries of a batch from a worker; the batch of a part without articles has no column `entry`."""
    for entry in batch.get("entry", ()):
        yield pickle.loads(entry)  # noqa: S301 - from our own workers
