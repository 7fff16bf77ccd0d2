"""Columns of numbers: written as they come, into memory or into a file each, and read where they lie."""

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
    """Rows of one kind of number, appended in blocks."""

    def append(self, block: npt.ArrayLike) -> None:
        """Add rows at the end."""

    def finish(self) -> Array:
        """All rows; nothing can be appended any more."""


class Columns(Protocol):
    """Makes columns by name. A row is one number, or as many as `width` says."""

    def __call__(self, name: str, kind: str, width: int | None = None) -> Column:
        """Begin a column."""


class MemoryColumn:
    """A column kept in memory."""

    def __init__(self, kind: str, width: int | None = None) -> None:
        self._blocks: list[Array] = [np.empty(_shape(0, width), dtype=kind)]

    def append(self, block: npt.ArrayLike) -> None:
        """Add rows at the end."""
        first = self._blocks[0]
        self._blocks.append(np.asarray(block, dtype=first.dtype).reshape(-1, *first.shape[1:]))

    def finish(self) -> Array:
        """All rows."""
        return np.concatenate(self._blocks)


def in_memory(name: str, kind: str, width: int | None = None) -> Column:  # noqa: ARG001 - memory needs no names
    """Begin a column that is kept in memory."""
    return MemoryColumn(kind, width)


class FileColumn:
    """A column written to a file of nothing but its numbers, so that memory does not grow with it."""

    def __init__(self, path: Path, kind: str, width: int | None) -> None:
        self.path = path
        self._kind = np.dtype(kind)
        self._width = width
        self._file = path.open("wb")
        self.shape = _shape(0, width)

    def append(self, block: npt.ArrayLike) -> None:
        """Add rows at the end."""
        rows = np.ascontiguousarray(block, dtype=self._kind)
        self._file.write(rows.tobytes())
        self.shape = _shape(self.shape[0] + rows.size // (self._width or 1), self._width)

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()

    def finish(self) -> Array:
        """All rows, memory-mapped."""
        self.close()
        return mapped(self.path, self._kind.str, self.shape)


class ColumnFolder:
    """Makes columns that are files of a folder, and knows what it made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, tuple[str, FileColumn]] = {}

    def __call__(self, name: str, kind: str, width: int | None = None) -> Column:
        """Begin a column that is the file `NAME.bin`."""
        column = FileColumn(self._folder / f"{name}.bin", kind, width)
        self._made[name] = (kind, column)
        return column

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for _, column in self._made.values():
            column.close()

    def described(self) -> Mapping[str, tuple[str, Shape]]:
        """The kind and the shape of every column made, by name: what `read_columns` needs."""
        return {name: (kind, column.shape) for name, (kind, column) in self._made.items()}


def read_columns(folder: Path, described: Mapping[str, tuple[str, Sequence[int]]]) -> Mapping[str, Array]:
    """Map the columns of a folder. Raises OSError or ValueError where a file is missing or too short."""
    return {name: mapped(folder / f"{name}.bin", kind, tuple(shape)) for name, (kind, shape) in described.items()}


def mapped(path: Path, kind: str, shape: Shape) -> Array:
    """A column's file as an array that is read only where it is looked at."""
    if 0 in shape:  # an empty file cannot be mapped
        return np.empty(shape, dtype=kind)
    with path.open("rb") as file:
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(held, dtype=kind, count=math.prod(shape)).reshape(shape)


def release(column: Array) -> None:
    """Give back the pages of a mapped column that were looked at; they are there again as soon as they are again."""
    held: object = column
    while isinstance(held, np.ndarray):
        held = held.base
    if isinstance(held, memoryview):
        held = held.obj
    if isinstance(held, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


def _shape(rows: int, width: int | None) -> Shape:
    return (rows,) if width is None else (rows, width)
