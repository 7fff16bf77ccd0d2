"""A path to the files it selects: the file itself, a folder's files, a pattern's matches, or standard input."""

import glob
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_formats import READABLE_SUFFIXES, is_readable

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedFile:
    """A file to read; `name` is its path below the selected folder, with "/" between folders.

    `document_id` is its id in the index, `None` if it is not known to be indexed.
    """

    path: Path
    source: str
    name: str
    document_id: str | None = None


def select_files(path: Path) -> Iterator[SelectedFile | SourceRejected]:
    """Yield the files that a path selects, or a SourceRejected if it selects none or cannot be listed."""
    try:
        if path == STANDARD_INPUT or path.is_file():
            yield SelectedFile(path=path, source=str(path), name=path.name)
        elif path.is_dir():
            yield from _files_in(path)
        elif glob.has_magic(str(path)):
            yield from _matching_files(path)
        else:
            yield SelectedFile(path=path, source=str(path), name=path.name)  # reading it reports why it cannot be read
    except OSError as error:
        yield SourceRejected(str(path), f"cannot be read: {error.strerror}")


def _files_in(folder: Path) -> Iterator[SelectedFile | SourceRejected]:
    """Yield every readable file below a folder in order, except hidden ones. Raise OSError if it cannot be listed."""
    next(folder.iterdir(), None)  # rglob silently skips a folder that it may not list
    files = [file for file in sorted(folder.rglob("*")) if _is_selected(file, folder)]
    if not files:
        suffixes = ", ".join(READABLE_SUFFIXES)
        yield SourceRejected(str(folder), f"holds no file that ends in {suffixes} or one of these and .gz")
    for file in files:
        yield SelectedFile(path=file, source=str(file), name=file.relative_to(folder).as_posix())


def _is_selected(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return is_readable(file) and not hidden and file.is_file()


def _matching_files(pattern: Path) -> Iterator[SelectedFile | SourceRejected]:
    """Yield the files that a pattern matches, named by their path below its deepest folder without a wildcard."""
    root = next(parent for parent in pattern.parents if not glob.has_magic(str(parent)))
    paths = [Path(match) for match in sorted(glob.glob(str(pattern), recursive=True))]  # noqa: PTH207 - "**" finds files
    files = [path for path in paths if path.is_file()]
    if not files:
        yield SourceRejected(str(pattern), "matches no file")
    for file in files:
        yield SelectedFile(path=file, source=str(file), name=file.relative_to(root).as_posix())
