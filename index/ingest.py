"""Files and folders into a collection: each file read, cleaned and put on its own, and each refusal by name."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from index.errors import SourceRejected
from index.library import Library
from index.reading import read
from index.records import Source
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
        results.append(file if isinstance(file, FileResult) else _put(library, file))
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


def _files(path: Path) -> Iterator[_File | FileResult]:
    """The files that a path stands for, and a refusal for what cannot be looked into."""
    try:
        if not path.is_dir():
            yield _File(path=path, source=str(path), name=path.name)
            return
        found = [_File(path=file, source=str(file), name=file.relative_to(path).as_posix()) for file in _texts(path)]
    except OSError as error:
        yield _refused(str(path), f"cannot be read: {error.strerror}")
        return
    if not found:
        yield _refused(str(path), f"holds no file that ends in {' or '.join(SUFFIXES)}")
    yield from found


def _texts(folder: Path) -> Iterator[Path]:
    """Every text file below a folder, in order, apart from hidden ones. Raises OSError for one closed to us."""
    next(folder.iterdir(), None)  # rglob passes over what it may not read
    for found in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in found.relative_to(folder).parts)
        if found.suffix.lower() in SUFFIXES and not hidden and found.is_file():
            yield found


def _refused(source: str, reason: str) -> FileResult:
    return FileResult(source=source, change=None, error=f"{source}: {reason}")


def _put(library: Library, file: _File) -> FileResult:
    source = file.source
    try:
        source.encode()
        raw = file.path.read_bytes()
        path = file.path.resolve()
        name = file.document_id or _free_id(library, file, path)
        change = library.put(name, read(raw, source=source), raw, path=path)
    except OSError as error:
        return _refused(source, f"cannot be read: {error.strerror}")
    except UnicodeEncodeError:
        return _refused(ascii(source), "its name is not Unicode text; rename it")
    except SourceRejected as error:
        return FileResult(source=source, change=None, error=str(error))
    return FileResult(source=source, change=change, error=None)


def _free_id(library: Library, file: _File, path: Path) -> str:
    """The id that the file has already, or its name's, or, where another document has that, one by where it lies."""
    wanted = library.id_of(path)
    if wanted is not None:
        return wanted
    wanted = document_id(file.name)
    if not library.has(wanted) or _has_moved(library.source(wanted)):
        return wanted
    return f"{wanted}-{_short_hash(str(path))}"


def _has_moved(source: Source) -> bool:
    return source.path is not None and not source.path.exists()


def _short_hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
