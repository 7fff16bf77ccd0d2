"""Columns of numbers: appended in blocks, in memory or to one file each, and read by memory mapping."""

import math
import mmap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Array

Shape = tuple[int, ...]


class Column(Protocol):
    """A column under construction: rows of one dtype, appended in blocks."""

    def append(self, block: npt.ArrayLike) -> None:
        """Append rows."""

    def finish(self) -> Array:
        """Return all rows, shape (rows,) or (rows, width); nothing can be appended afterwards."""


class ColumnFactory(Protocol):
    """Starts columns by name.

    `kind` is a numpy dtype string. A row is one number, or `width` numbers if a width is given.
    """

    def __call__(self, name: str, kind: str, width: int | None = None) -> Column:
        """Start a column."""


class MemoryColumn:
    """A column in memory."""

    def __init__(self, kind: str, width: int | None = None) -> None:
        self._blocks: list[Array] = [np.empty(_shape(0, width), dtype=kind)]

    def append(self, block: npt.ArrayLike) -> None:
        """Append rows."""
        first = self._blocks[0]
        self._blocks.append(np.asarray(block, dtype=first.dtype).reshape(-1, *first.shape[1:]))

    def finish(self) -> Array:
        """Return all rows."""
        return np.concatenate(self._blocks)


def in_memory(name: str, kind: str, width: int | None = None) -> Column:  # noqa: ARG001 - columns in memory need no name
    """Start a column in memory; a ColumnFactory."""
    return MemoryColumn(kind, width)


class FileColumn:
    """A column in a file that holds its numbers and nothing else, so that memory does not grow with it."""

    def __init__(self, path: Path, kind: str, width: int | None) -> None:
        self.path = path
        self._dtype = np.dtype(kind)
        self._width = width
        self._file = path.open("wb")
        self.shape = _shape(0, width)

    def append(self, block: npt.ArrayLike) -> None:
        """Append rows."""
        rows = np.ascontiguousarray(block, dtype=self._dtype)
        self._file.write(rows.tobytes())
        self.shape = _shape(self.shape[0] + rows.size // (self._width or 1), self._width)

    def close(self) -> None:
        """Close the file, whether the column is finished or not."""
        self._file.close()

    def finish(self) -> Array:
        """Return all rows, memory-mapped."""
        self.close()
        return map_column(self.path, self._dtype.str, self.shape)


class ColumnFolder:
    """Starts columns that are files of a folder, and describes them; a ColumnFactory and a context manager.

    On exit it closes all files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._columns: dict[str, tuple[str, FileColumn]] = {}

    def __call__(self, name: str, kind: str, width: int | None = None) -> Column:
        """Start a column in the file `NAME.bin`."""
        column = FileColumn(self._folder / f"{name}.bin", kind, width)
        self._columns[name] = (kind, column)
        return column

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for _, column in self._columns.values():
            column.close()

    def described(self) -> Mapping[str, tuple[str, Shape]]:
        """Return the dtype string and the shape of every column, by name; `read_columns` needs them."""
        return {name: (kind, column.shape) for name, (kind, column) in self._columns.items()}


def read_columns(folder: Path, described: Mapping[str, tuple[str, Sequence[int]]]) -> Mapping[str, Array]:
    """Memory-map the columns of a folder. Raises OSError or ValueError if a file is missing or too short."""
    return {name: map_column(folder / f"{name}.bin", kind, tuple(shape)) for name, (kind, shape) in described.items()}


def map_column(path: Path, kind: str, shape: Shape) -> Array:
    """Return a column's file as a memory-mapped array: pages are read from disk on first access."""
    if 0 in shape:  # an empty file cannot be mapped
        return np.empty(shape, dtype=kind)
    with path.open("rb") as file:
        mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(mapping, dtype=kind, count=math.prod(shape)).reshape(shape)


def release_pages(column: Array) -> None:
    """Return the resident pages of a memory-mapped column to the system; they are read again on the next access.

    Does nothing for a column in memory.
    """
    owner: object = column
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if isinstance(owner, memoryview):
        owner = owner.obj
    if isinstance(owner, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        owner.madvise(mmap.MADV_DONTNEED)


def _shape(rows: int, width: int | None) -> Shape:
    return (rows,) if width is None else (rows, width)
