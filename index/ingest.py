"""Ingestion: read, clean and store the articles of files and folders, and report each article that is refused.

Documents are extracted and embedded before the write lock is taken, in portions, so that other writers of the same
folder wait only while a portion is stored.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.engine import Change, Item, ItemVectors, Progress
from wherefrom.index.errors import SourceRejected
from wherefrom.index.library import Library
from wherefrom.index.sources.article_counts import count_articles
from wherefrom.index.sources.document_ids import article_id, short_hash, url_safe_id
from wherefrom.index.sources.file_formats import is_whole_file, read_file, read_stream
from wherefrom.index.sources.file_selection import STANDARD_INPUT, LeftOut, SelectedFile, read_once, select_files
from wherefrom.index.sources.read_result import ReadResult, SourceCutShort, SourceNote
from wherefrom.index.syncing.article_places import NEW, SAME_ID, ArticlePlaces, FileArticles, is_same_article
from wherefrom.index.syncing.file_stamps import FileStamps
from wherefrom.index.syncing.gone_documents import GoneDocument, GoneDocuments, Scope, is_missing
from wherefrom.index.syncing.indexed_files import indexed_files
from wherefrom.index.syncing.renamed_files import RenamedFiles
from wherefrom.index.types import Document, RawSource, Source

PORTION_ARTICLES = 64
"""Maximum number of articles of one file that are embedded and committed together."""
PORTION_CHARACTERS = 64 * 1024
"""Number of characters of paragraphs at which a portion ends; committing it takes tens of milliseconds."""
PORTION_BYTES = 4 * 1024 * 1024
"""Size of sources in bytes at which a portion ends, which limits the memory."""
MAX_ID_CHANGES = 3
"""Maximum number of attempts to choose a file's id and embed its text while other processes take the id meanwhile."""
Extract = Callable[[RawSource], Document]
Embed = Callable[[Sequence[Item]], Sequence[ItemVectors]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """The result for one file, or for one article of a file with several: its `change`, or the `error` if refused.

    `document_id` is that of the document if it was added or updated. `warnings` name possibly missing parts. An article
    that is the same in every respect as another is "unchanged", and `duplicate_of` is the name of the other.
    """

    source: str
    change: Change | None
    error: str | None
    warnings: tuple[str, ...] = ()
    document_id: str | None = None
    duplicate_of: str | None = None


def ingest(  # noqa: PLR0913 - all but two are optional
    library: Library,
    paths: Sequence[Path],
    on_file: Callable[[FileResult], None] | None = None,
    on_total: Callable[[int], None] | None = None,
    on_search: Progress | None = None,
    *,
    on_left_out: Callable[[LeftOut], None] | None = None,
    on_note: Callable[[SourceNote], None] | None = None,
    on_gone: Callable[[GoneDocument], None] | None = None,
    follow_links: bool = False,
    prune: bool = False,
    extract: Extract = extract,
) -> tuple[FileResult, ...]:
    """Add or update files, folders, patterns, and "-" for standard input; without paths, every file indexed before.

    A refused article is reported and does not stop the others. `on_total` is called before each file with the number
    of results expected so far. `on_left_out` is called for each entry of a folder that is not read, such as links out
    of the folder without `follow_links`. `on_note` is called with notes on a file, such as its unknown fields.
    `on_gone` is called for each document in scope whose file is gone or whose article is no longer in its file; with
    `prune` these are removed. `extract` reads an article; that of an `ExtractionPool` refuses articles that take too
    much time or memory.
    """
    ingestion = Ingestion(
        library,
        paths,
        extract=extract,
        follow_links=follow_links,
        prune=prune,
        on_total=on_total,
        on_left_out=on_left_out,
        on_note=on_note,
    )
    results: list[FileResult] = []
    for result in ingestion.results():
        results.append(result)
        if on_file:
            on_file(result)
    for gone in ingestion.gone():
        if on_gone:
            on_gone(gone)
    library.refresh(on_search)
    return tuple(results)


class Ingestion:
    """One run of `ingest`, as an iterator of results: its memory does not depend on the number of articles in a file.

    Consume all `results`, then `gone`. `embed` computes the vectors of documents, by default `library.embed`. With
    `stamps`, unchanged files are not read.
    """

    def __init__(  # noqa: PLR0913 - all but two are optional
        self,
        library: Library,
        paths: Sequence[Path],
        *,
        extract: Extract = extract,
        embed: Embed | None = None,
        follow_links: bool = False,
        prune: bool = False,
        on_total: Callable[[int], None] | None = None,
        on_left_out: Callable[[LeftOut], None] | None = None,
        on_note: Callable[[SourceNote], None] | None = None,
        stamps: FileStamps | None = None,
    ) -> None:
        self._library = library
        self._paths = paths
        self._extract = extract
        self._embed = embed
        self._follow_links = follow_links
        self._prune = prune
        self._on_total = on_total
        self._on_left_out = on_left_out
        self._on_note = on_note
        self._stamps = stamps
        self._scope = Scope(paths)
        self._gone = GoneDocuments(library)
        self._places = ArticlePlaces(library, self._gone)
        self._renamed = RenamedFiles(library)
        self.files = 0
        """The number of files that were selected so far, unchanged and refused ones included."""

    @property
    def took_over(self) -> bool:
        """Whether an article was stored under the id of an article of another file that still exists."""
        return self._places.took_over

    def results(self) -> Iterator[FileResult]:
        """Add or update the files and yield the result of each article.

        A document whose article has left its file while an equal one is in another has a second result at the end.
        """
        files = self._selected()
        expected = [_count(file) for file in files] if self._on_total else []
        remaining, done = sum(expected), 0
        for number, file in enumerate(files):
            if self._on_total:
                self._on_total(done + remaining)
                remaining -= expected[number]
            self.files += 1
            for result in self._results_of(file):
                done += 1
                yield result
        for document_id, source, path in self._places.left_to_duplicates():
            document = self._extract(source)
            yield _result(document_id, document, self._library.put(document_id, document, path=path))

    def fetched(self, sources: Iterator[ReadResult], name: str) -> Iterator[FileResult]:
        """Add or update articles that are not in files, such as the pages at an address, and yield each result.

        Each is stored at once, since they arrive slowly.
        """
        reading = _Reading(SelectedFile(path=STANDARD_INPUT, source=name, name=name, real=STANDARD_INPUT))
        for source in self._without_notes(sources):
            yield from self._put_articles(iter([source]), None, reading)
        self._note(reading.articles.notes(name))

    def gone(self) -> Iterator[GoneDocument]:
        """Yield the documents in scope whose file, or whose article in it, is gone; remove them with `prune`."""
        gone = self._gone.in_scope(self._scope)
        return self._gone.remove(list(gone)) if self._prune else gone

    def _selected(self) -> list[SelectedFile | SourceRejected]:
        if not self._paths:
            return list(indexed_files(self._library))
        files: list[SelectedFile | SourceRejected] = []
        selected = (select_files(path, follow_links=self._follow_links) for path in self._paths)
        for entry in read_once(chain.from_iterable(selected)):
            if not isinstance(entry, LeftOut):
                files.append(entry)
            elif self._on_left_out:
                self._on_left_out(entry)
        return files

    def _results_of(self, file: SelectedFile | SourceRejected) -> Iterator[FileResult]:
        if isinstance(file, SourceRejected):
            if not self._is_pruned(Path(file.source)):
                yield _refusal(file)
        elif self._stamps is None:
            yield from self._read(file)
        elif self._stamps.have_changed(file.path):
            yield from self._read(file)
            self._stamps.was_read(file.path)

    def _is_pruned(self, path: Path) -> bool:
        """Return whether documents from an unreadable path exist and will be removed."""
        if not self._prune:
            return False
        scope = Scope([path])
        return any(scope.covers(stored) for stored in self._library.paths())

    def _read(self, file: SelectedFile) -> Iterator[FileResult]:
        """Read a file's articles and store them; articles from standard input are stored without a path."""
        try:
            file.source.encode()
            if file.path == STANDARD_INPUT:
                reading = _Reading(file)
                stream = self._without_notes(read_stream(sys.stdin.buffer, file.source))
                yield from self._put_articles(stream, None, reading)
                self._note(reading.articles.notes(file.source))
                return
            path = Path(os.path.realpath(file.path))  # does not fail on a loop of links
            reading = _Reading(file)
            sources = reading.watched(self._without_notes(read_file(file.path, file.source)))
            start = list(islice(sources, 2))
            if is_whole_file(start, file.source):
                yield self._put_file(file, path, start[0], reading)
            else:
                yield from self._put_articles(chain(start, sources), path, reading)
                self._note(reading.articles.notes(file.source))
            self._places.was_read(path)
            if reading.is_whole:
                self._gone.read_whole(path, reading.articles.ids, reading.refused)
        except OSError as error:
            if not (is_missing(file.path) and self._is_pruned(file.path)):
                yield _refusal(SourceRejected(file.source, f"cannot be read: {error.strerror}"))
        except UnicodeEncodeError:
            yield _refusal(SourceRejected(ascii(file.source), "its name is not Unicode text; rename it"))

    def _put_file(
        self, file: SelectedFile, path: Path, source: RawSource | SourceRejected, reading: "_Reading"
    ) -> FileResult:
        """Store a file that is one article."""
        if isinstance(source, SourceRejected):
            return _refusal(source)
        stored_id = file.document_id or self._library.id_of(path)
        if stored_id is not None:
            reading.articles.add(stored_id, source)
            if self._is_stored(stored_id, source, path):
                return _unchanged(source)
        try:
            document = self._extract(source)
        except SourceRejected as error:
            return _refusal(error)
        document_id, change = self._put_under_free_id(file, path, document)
        reading.articles.add(document_id, source)
        return _result(document_id, document, change)

    def _put_under_free_id(self, file: SelectedFile, path: Path, document: Document) -> tuple[str, Change]:
        """Embed a document, then take the lock and store it; start again if another process took its id meanwhile.

        After MAX_ID_CHANGES attempts, it is stored under the id that is free then.
        """
        for attempt in range(1, MAX_ID_CHANGES + 1):
            document_id = self._id_for(file, path, document.source_sha256)
            vectors = (self._embed or self._library.embed)([(document_id, document)])
            with self._library.writing():
                free_id = self._id_for(file, path, document.source_sha256)
                if free_id == document_id or attempt == MAX_ID_CHANGES:
                    return free_id, self._library.put(free_id, document, path=path, vectors=vectors)
        raise AssertionError("unreachable")

    def _id_for(self, file: SelectedFile, path: Path, source_sha256: str) -> str:
        """Return the id of a file: its own, that from before a renaming, or its name, with a hash if that is taken."""
        existing = file.document_id or self._library.id_of(path) or self._renamed.id_of(source_sha256)
        if existing is not None:
            return existing
        document_id = url_safe_id(file.name)
        if not self._library.has(document_id) or _has_moved(self._library.source(document_id)):
            return document_id
        return f"{document_id}-{short_hash(str(path))}"

    def _without_notes(self, results: Iterator[ReadResult]) -> Iterator[RawSource | SourceRejected]:
        """Yield the articles and refusals; pass notes to `on_note`."""
        for result in results:
            if isinstance(result, SourceNote):
                self._note([result])
            else:
                yield result

    def _note(self, notes: Iterable[SourceNote]) -> None:
        if self._on_note:
            for note in notes:
                self._on_note(note)

    def _put_articles(
        self, sources: Iterator[RawSource | SourceRejected], path: Path | None, reading: "_Reading"
    ) -> Iterator[FileResult]:
        """Store articles in portions, without duplicates; refuse one with the id of another that was read before."""
        entries = (self._item(source, path, reading) for source in sources)
        for portion in _portions(entries):
            items = [item for item in portion if not isinstance(item, FileResult)]
            changes = iter(self._put_batch(items, path) if items else ())
            for item in portion:
                if isinstance(item, FileResult):
                    yield item
                else:
                    yield _result(*item, next(changes))

    def _put_batch(self, items: Sequence[Item], path: Path | None) -> Sequence[Change]:
        if self._embed is None:
            return self._library.put_batch(items, path=path)
        return self._library.put_batch(items, path=path, vectors=self._embed(items))

    def _item(self, source: RawSource | SourceRejected, path: Path | None, reading: "_Reading") -> Item | FileResult:
        """Return an article's id and document, or the result if there is nothing to store."""
        if isinstance(source, SourceRejected):
            return _refusal(source)
        document_id = article_id(source)
        place = reading.articles.place(document_id, source)
        if place == NEW:
            place = self._places.place(document_id, source, path)
        if place.claim == "taken":
            return _refusal(SourceRejected(source.name, f"{place.other} {SAME_ID}"))
        if place.claim == "stored":
            return _unchanged(source)
        if place.claim == "duplicate":
            reading.articles.count(source, place)
            return replace(_unchanged(source), duplicate_of=place.other)
        try:
            item = document_id, self._extract(source)
        except SourceRejected as error:
            return _refusal(error)
        if place.claim == "replacement":
            reading.articles.count(source, place)
        return item

    def _is_stored(self, document_id: str, source: RawSource, path: Path) -> bool:
        """Return whether a document from the same bytes and metadata is stored, so that it need not be read again.

        It was read with the same cleaning rules: a library built with others is not opened.
        """
        stored = self._library.source(document_id)
        return (stored.source, stored.path) == (source.name, path) and is_same_article(stored, source)


class _Reading:
    """The state of reading a file: its articles, the names of refused ones, and whether it is read whole."""

    def __init__(self, file: SelectedFile) -> None:
        self._file = file
        self.articles = FileArticles()
        self.refused: set[str] = set()
        self.is_whole = True

    def watched(self, sources: Iterator[RawSource | SourceRejected]) -> Iterator[RawSource | SourceRejected]:
        """Yield the articles and refusals of the file, and record the refusals."""
        for source in sources:
            if isinstance(source, SourceRejected):
                self.refused.add(source.source)
                self.is_whole &= source.source != self._file.source and not isinstance(source, SourceCutShort)
            yield source


def _portions(entries: Iterator[Item | FileResult]) -> Iterator[list[Item | FileResult]]:
    """Group consecutive entries into portions that are committed together."""
    portion: list[Item | FileResult] = []
    characters = size = 0
    for entry in entries:
        portion.append(entry)
        if not isinstance(entry, FileResult):
            characters += sum(len(paragraph.text) for paragraph in entry[1].paragraphs)
            size += len(entry[1].raw)
        if len(portion) >= PORTION_ARTICLES or characters >= PORTION_CHARACTERS or size >= PORTION_BYTES:
            yield portion
            portion, characters, size = [], 0, 0
    if portion:
        yield portion


def _count(file: SelectedFile | SourceRejected) -> int:
    return count_articles(file.path) if isinstance(file, SelectedFile) else 1


def _has_moved(source: Source) -> bool:
    return source.path is not None and is_missing(source.path)


def _result(document_id: str, document: Document, change: Change) -> FileResult:
    stored_id = None if change == "unchanged" else document_id
    return FileResult(
        source=document.source, change=change, error=None, warnings=document.warnings, document_id=stored_id
    )


def _unchanged(source: RawSource) -> FileResult:
    return FileResult(source=source.name, change="unchanged", error=None)


def _refusal(error: SourceRejected) -> FileResult:
    return FileResult(source=error.source, change=None, error=str(error))
