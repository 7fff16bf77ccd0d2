"""Files and folders into a collection: each file read, cleaned and put on its own, and each refusal by name."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from index.errors import SourceRejected
from index.library import Library
from index.reading import read
from index.writer import Change

SUFFIXES = (".txt", ".text")
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of one file: the `change` it made, or the `error` that kept it out."""

    source: str
    change: Change | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: Path
    source: str
    name: str  # relative to the path that was given, with "/" between folders
    document_id: str | None = None  # where the file is known by one


def ingest(
    library: Library,
    paths: Sequence[Path],
    on_file: Callable[[FileResult], None] | None = None,
    on_total: Callable[[int], None] | None = None,
) -> tuple[FileResult, ...]:
    """Add or update files, and every text file in folders; without paths, every file that was indexed before.

    What is refused is reported, and the rest goes in.
    """
    files = [file for path in paths for file in _files(path)] if paths else list(_known(library))
    if on_total:
        on_total(len(files))
    results = []
    for file in files:
        results.append(_put(library, file))
        if on_file:
            on_file(results[-1])
    library.refresh()
    return tuple(results)


def document_id(name: str) -> str:
    """The id of a file by its path below the folder that was indexed: the name itself where it is safe in a URL."""
    if SAFE_ID.fullmatch(name):
        return name
    readable = UNSAFE.sub("-", name).strip("-.")[:100]
    return f"{readable or 'document'}-{_short_hash(name)}"


def _known(library: Library) -> Iterator[_File]:
    for source in library.sources():
        if source.path is not None:
            yield _File(path=source.path, source=source.source, name=source.path.name, document_id=source.document_id)


def _files(path: Path) -> Iterator[_File]:
    if not path.is_dir():
        yield _File(path=path, source=str(path), name=path.name)
        return
    for found in sorted(path.rglob("*")):
        below = found.relative_to(path)
        hidden = any(part.startswith(".") for part in below.parts)
        if found.is_file() and found.suffix.lower() in SUFFIXES and not hidden:
            yield _File(path=found, source=str(found), name=below.as_posix())


def _put(library: Library, file: _File) -> FileResult:
    source = file.source
    try:
        raw = file.path.read_bytes()
        path = file.path.resolve()
        name = file.document_id or _free_id(library, file, path)
        change = library.put(name, read(raw, source=source), raw, path=path)
    except OSError as error:
        return FileResult(source=source, change=None, error=f"{source}: cannot be read: {error.strerror}")
    except SourceRejected as error:
        return FileResult(source=source, change=None, error=str(error))
    return FileResult(source=source, change=change, error=None)


def _free_id(library: Library, file: _File, path: Path) -> str:
    """The file's own id, or, where another file that still exists has it, one told apart by where it lies."""
    wanted = document_id(file.name)
    holder = library.path_of(wanted)
    if holder is None or holder == path or not holder.exists():
        return wanted
    return f"{wanted}-{_short_hash(str(path))}"


def _short_hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
