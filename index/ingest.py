"""Files and folders into a collection: each file read, cleaned and put on its own, and each refusal by name."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.engine import Change, Item
from wherefrom.index.errors import SourceRejected
from wherefrom.index.library import Library
from wherefrom.index.segments.base_store import Progress
from wherefrom.index.sources.document_ids import article_id, document_id, short_hash
from wherefrom.index.sources.file_formats import holds_lines, read_file, read_stream
from wherefrom.index.sources.file_selection import STANDARD_INPUT, Selected, select
from wherefrom.index.types import RawSource, Source

TOGETHER = 64
"""The most articles of one file that are embedded together, and durable together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of one file, or of one line of a file of lines: the `change` it made, or why it was kept out."""

    source: str
    change: Change | None
    error: str | None


def ingest(
    library: Library,
    paths: Sequence[Path],
    on_file: Callable[[FileResult], None] | None = None,
    on_total: Callable[[int], None] | None = None,
    on_search: Progress | None = None,
) -> tuple[FileResult, ...]:
    """Add or update files, folders, patterns, "-" for standard input; without paths, every file indexed before.

    What is refused is reported, and the rest goes in. `on_total` is told how many results there will be, as far as is
    known before a file is read.
    """
    files = [file for path in paths for file in select(path)] if paths else list(_known(library))
    results: list[FileResult] = []
    for left, file in enumerate(files):
        if on_total:
            on_total(len(results) + len(files) - left)
        for result in [_refused(file)] if isinstance(file, SourceRejected) else _put(library, file):
            results.append(result)
            if on_file:
                on_file(result)
    library.refresh(on_search)
    return tuple(results)


def _known(library: Library) -> Iterator[Selected]:
    """Every file that is known, once, in the order of the documents' ids."""
    seen: set[Path] = set()
    for source in library.sources():
        path = source.path
        if path is not None and path not in seen:
            seen.add(path)
            lines = holds_lines(path.name)
            origin = source.source.rpartition(":")[0] if lines else source.source
            known = None if lines else source.document_id
            yield Selected(path=path, source=origin, name=path.name, document_id=known)


def _put(library: Library, file: Selected) -> Iterator[FileResult]:
    """Put what a file holds; a file is put as it is read, of a stream nothing is known but its articles."""
    try:
        file.source.encode()
        if file.path == STANDARD_INPUT:
            yield from _put_articles(library, read_stream(sys.stdin.buffer, file.source), None)
        elif holds_lines(file.path.name):
            yield from _put_articles(library, read_file(file.path, file.source), file.path.resolve())
        else:
            yield from (_put_file(library, file, held) for held in read_file(file.path, file.source))
    except OSError as error:
        yield _refused(SourceRejected(file.source, f"cannot be read: {error.strerror}"))
    except UnicodeEncodeError:
        yield _refused(SourceRejected(ascii(file.source), "its name is not Unicode text; rename it"))


def _put_file(library: Library, file: Selected, held: RawSource | SourceRejected) -> FileResult:
    path = file.path.resolve()
    with library.writing():  # so that an id that is free is so still when it is taken
        item = _item(held, lambda _: file.document_id or _free_id(library, file, path))
        if isinstance(item, SourceRejected):
            return _refused(item)
        name, document = item
        return FileResult(source=file.source, change=library.put(name, document, path=path), error=None)


def _put_articles(
    library: Library, held: Iterator[RawSource | SourceRejected], path: Path | None
) -> Iterator[FileResult]:
    """Put articles some at a time; one that has the id or the URL of an earlier one of the same file is refused."""
    seen: set[str] = set()
    while group := [_item(each, partial(_new_id, seen)) for each in islice(held, TOGETHER)]:
        changes = iter(library.put_batch([item for item in group if not isinstance(item, SourceRejected)], path=path))
        for item in group:
            if isinstance(item, SourceRejected):
                yield _refused(item)
            else:
                yield FileResult(source=item[1].source, change=next(changes), error=None)


def _item(held: RawSource | SourceRejected, name: Callable[[RawSource], str]) -> Item | SourceRejected:
    """What a file holds as the library takes it, or why it does not."""
    if isinstance(held, SourceRejected):
        return held
    try:
        document = extract(held)
        return name(held), document
    except SourceRejected as error:
        return error


def _new_id(seen: set[str], held: RawSource) -> str:
    found = article_id(held)
    if found in seen and (held.document_id or held.given.url):
        raise SourceRejected(held.name, "an earlier line has the same id, or the same url and no id")
    seen.add(found)
    return found


def _free_id(library: Library, file: Selected, path: Path) -> str:
    """The id that the file has already, or its name's, or, where another document has that, one by where it lies."""
    wanted = library.id_of(path)
    if wanted is not None:
        return wanted
    wanted = document_id(file.name)
    if not library.has(wanted) or _has_moved(library.source(wanted)):
        return wanted
    return f"{wanted}-{short_hash(str(path))}"


def _has_moved(source: Source) -> bool:
    return source.path is not None and not source.path.exists()


def _refused(error: SourceRejected) -> FileResult:
    return FileResult(source=error.source, change=None, error=str(error))
