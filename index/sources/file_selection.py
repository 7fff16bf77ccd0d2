"""The files that a path stands for: itself, those below a folder, those that a pattern matches, standard input."""

import glob
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_formats import SUFFIXES, is_readable

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A file to read, and its name: its path below the folder that was given, with "/" between folders.

    `document_id` is the id that it is known by already, if it is.
    """

    path: Path
    source: str
    name: str
    document_id: str | None = None


def select(path: Path) -> Iterator[Selected | SourceRejected]:
    """The files that a path stands for, and a refusal for what cannot be looked into."""
    try:
        if path == STANDARD_INPUT or path.is_file():
            yield Selected(path=path, source=str(path), name=path.name)
        elif path.is_dir():
            yield from _inside(path)
        elif glob.has_magic(str(path)):
            yield from _matching(path)
        else:
            yield Selected(path=path, source=str(path), name=path.name)  # whoever reads it says why it cannot be
    except OSError as error:
        yield SourceRejected(str(path), f"cannot be read: {error.strerror}")


def _inside(folder: Path) -> Iterator[Selected | SourceRejected]:
    """Every readable file below a folder, in order, apart from hidden ones. Raises OSError for one closed to us."""
    next(folder.iterdir(), None)  # rglob passes over what it may not read
    found = [file for file in sorted(folder.rglob("*")) if _is_wanted(file, folder)]
    if not found:
        yield SourceRejected(str(folder), f"holds no file that ends in {', '.join(SUFFIXES)} or one of these and .gz")
    for file in found:
        yield Selected(path=file, source=str(file), name=file.relative_to(folder).as_posix())


def _is_wanted(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return is_readable(file) and not hidden and file.is_file()


def _matching(pattern: Path) -> Iterator[Selected | SourceRejected]:
    """The files that a pattern matches, named by their path below its last part without a wildcard."""
    fixed = next(part for part in pattern.parents if not glob.has_magic(str(part)))
    found = [Path(match) for match in sorted(glob.glob(str(pattern), recursive=True))]  # noqa: PTH207 - "**" finds files
    files = [file for file in found if file.is_file()]
    if not files:
        yield SourceRejected(str(pattern), "matches no file")
    for file in files:
        yield Selected(path=file, source=str(file), name=file.relative_to(fixed).as_posix())
