"""Ingestion: read, clean and store the articles of files and folders, and report each article that is refused."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.engine import Change, Item, Progress
from wherefrom.index.errors import DocumentNotFound, SourceRejected
from wherefrom.index.library import Library
from wherefrom.index.sources.document_ids import article_id, short_hash, url_safe_id
from wherefrom.index.sources.file_formats import file_of, is_whole_file, read_file, read_stream
from wherefrom.index.sources.file_selection import STANDARD_INPUT, LeftOut, SelectedFile, select_files
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import Document, RawSource, Source

BATCH_SIZE = 64
"""Maximum number of articles of one file that are embedded and committed together."""
Extract = Callable[[RawSource], Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """The result for one file, or one article of a file with several: the `change` it made, or the `error` if refused.

    `warnings` say what of its article may be missing.
    """

    source: str
    change: Change | None
    error: str | None
    warnings: tuple[str, ...] = ()


def ingest(  # noqa: PLR0913 - all but two are optional
    library: Library,
    paths: Sequence[Path],
    on_file: Callable[[FileResult], None] | None = None,
    on_total: Callable[[int], None] | None = None,
    on_search: Progress | None = None,
    *,
    on_left_out: Callable[[LeftOut], None] | None = None,
    on_note: Callable[[SourceNote], None] | None = None,
    follow_links: bool = False,
    extract: Extract = extract,
) -> tuple[FileResult, ...]:
    """Add or update files, folders, patterns, and "-" for standard input; without paths, every file indexed before.

    An article that is refused is reported and does not stop the others. `on_total` is called before each file with the
    number of results expected so far; a file of several articles counts as one until it has been read. `on_left_out` is
    called for each thing in a folder that is not read; links that lead out of a folder are, unless `follow_links`.
    `on_note` is called with what a file has besides its articles, such as fields that are not known.
    `extract` reads an article; that of an `ExtractionPool` refuses those that take too much time or memory.
    """
    selected = [entry for path in paths for entry in select_files(path, follow_links=follow_links)]
    files: list[SelectedFile | SourceRejected] = []
    for entry in selected if paths else _indexed_files(library):
        if not isinstance(entry, LeftOut):
            files.append(entry)
        elif on_left_out:
            on_left_out(entry)
    results: list[FileResult] = []
    for files_done, file in enumerate(files):
        if on_total:
            on_total(len(results) + len(files) - files_done)
        for result in (
            [_refusal(file)] if isinstance(file, SourceRejected) else _ingest_file(library, file, extract, on_note)
        ):
            results.append(result)
            if on_file:
                on_file(result)
    library.refresh(on_search)
    return tuple(results)


def _indexed_files(library: Library) -> Iterator[SelectedFile]:
    """Yield every file that was indexed before, once, in the order of its documents' ids."""
    seen: set[Path] = set()
    for source in library.sources():
        path = source.path
        if path is not None and path not in seen:
            seen.add(path)
            file_source = file_of(source.source, path)
            document_id = source.document_id if file_source == source.source else None
            yield SelectedFile(path=path, source=file_source, name=path.name, document_id=document_id)


def _ingest_file(
    library: Library, file: SelectedFile, extract: Extract, on_note: Callable[[SourceNote], None] | None
) -> Iterator[FileResult]:
    """Store a file's articles as they are read; articles from standard input are stored without a path."""
    try:
        file.source.encode()
        if file.path == STANDARD_INPUT:
            sources = _without_notes(read_stream(sys.stdin.buffer, file.source), on_note)
            yield from _put_articles(library, sources, None, extract)
            return
        sources = _without_notes(read_file(file.path, file.source), on_note)
        start = list(islice(sources, 2))
        if is_whole_file(start, file.source):
            yield _put_file(library, file, start[0], extract)
        else:
            yield from _put_articles(library, chain(start, sources), file.path.resolve(), extract)
    except OSError as error:
        yield _refusal(SourceRejected(file.source, f"cannot be read: {error.strerror}"))
    except UnicodeEncodeError:
        yield _refusal(SourceRejected(ascii(file.source), "its name is not Unicode text; rename it"))


def _without_notes(
    results: Iterator[ReadResult], on_note: Callable[[SourceNote], None] | None
) -> Iterator[RawSource | SourceRejected]:
    """Yield the articles and refusals; pass the notes on."""
    for result in results:
        if not isinstance(result, SourceNote):
            yield result
        elif on_note:
            on_note(result)


def _put_file(library: Library, file: SelectedFile, source: RawSource | SourceRejected, extract: Extract) -> FileResult:
    if isinstance(source, SourceRejected):
        return _refusal(source)
    path = file.path.resolve()
    stored_id = file.document_id or library.id_of(path)
    if stored_id is not None and _is_stored(library, stored_id, source, path):
        return _unchanged(source)
    try:
        document = extract(source)
    except SourceRejected as error:
        return _refusal(error)
    vectors = library.embed([(stored_id or url_safe_id(file.name), document)])
    with library.writing():  # no other process may take the id between the check that it is free and its use
        document_id = file.document_id or _free_id(library, file, path)
        change = library.put(document_id, document, path=path, vectors=vectors)
        return FileResult(source=file.source, change=change, error=None, warnings=document.warnings)


def _put_articles(
    library: Library, sources: Iterator[RawSource | SourceRejected], path: Path | None, extract: Extract
) -> Iterator[FileResult]:
    """Store articles in batches; refuse one with the id or the URL of an earlier one of the same file."""
    seen: set[str] = set()
    while batch := [_item(library, source, path, seen, extract) for source in islice(sources, BATCH_SIZE)]:
        changes = iter(library.put_batch([item for item in batch if not isinstance(item, FileResult)], path=path))
        for item in batch:
            if isinstance(item, FileResult):
                yield item
            else:
                document = item[1]
                yield FileResult(source=document.source, change=next(changes), error=None, warnings=document.warnings)


def _item(
    library: Library, source: RawSource | SourceRejected, path: Path | None, seen: set[str], extract: Extract
) -> Item | FileResult:
    """Return an article's id and document, or the result if there is nothing to store."""
    if isinstance(source, SourceRejected):
        return _refusal(source)
    try:
        if _is_stored(library, article_id(source), source, path):
            _unseen_id(seen, source)
            return _unchanged(source)
        document = extract(source)
        return _unseen_id(seen, source), document
    except SourceRejected as error:
        return _refusal(error)


def _is_stored(library: Library, document_id: str, source: RawSource, path: Path | None) -> bool:
    """Return whether a document was made of the same bytes in the same way, so that it need not be read again.

    It was read with the same rules: a library that was made with others is not opened.
    """
    try:
        stored = library.source(document_id)
    except DocumentNotFound:
        return False
    return (
        (stored.source, stored.path, stored.given) == (source.name, path, source.given)
        and source.media_type in (None, stored.media_type)
        and stored.source_sha256 == sha256(source.raw).hexdigest()
    )


def _unseen_id(seen: set[str], source: RawSource) -> str:
    document_id = article_id(source)
    if document_id in seen and (source.document_id or source.given.url):
        raise SourceRejected(source.name, "an earlier article of the file has the same id, or the same url and no id")
    seen.add(document_id)
    return document_id


def _free_id(library: Library, file: SelectedFile, path: Path) -> str:
    """Return the id of a file: the one it already has, else its name's, with a hash of its path if that is taken."""
    existing = library.id_of(path)
    if existing is not None:
        return existing
    document_id = url_safe_id(file.name)
    if not library.has(document_id) or _has_moved(library.source(document_id)):
        return document_id
    return f"{document_id}-{short_hash(str(path))}"


def _has_moved(source: Source) -> bool:
    return source.path is not None and not source.path.exists()


def _unchanged(source: RawSource) -> FileResult:
    return FileResult(source=source.name, change="unchanged", error=None)


def _refusal(error: SourceRejected) -> FileResult:
    return FileResult(source=error.source, change=None, error=str(error))
