"""Sequences of byte strings, stored as two arrays: the concatenated bytes and the offset where each string begins."""

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from wherefrom.index.arrays import Array
from wherefrom.index.segments.columns import Column, ColumnFactory

FLUSH_SIZE = 1_000_000
"""Number of bytes, or of strings, that are buffered before they are appended to the columns."""


class ByteStrings(Sequence[bytes]):
    """An immutable sequence of byte strings.

    `content` has dtype uint8; string `i` is `content[offsets[i]:offsets[i + 1]]`, and `offsets` has one element more
    than there are strings.
    """

    def __init__(self, content: Array, offsets: Array) -> None:
        self.content = content
        self.offsets = offsets

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.content[self.offsets[index] : self.offsets[index + 1]].tobytes()

    def views(self, indices: Array) -> list[Array]:
        """Return the strings at these indices as uint8 views of `content`, without copying."""
        ranges = zip(self.offsets[indices].tolist(), self.offsets[indices + 1].tolist(), strict=True)
        return [self.content[start:end] for start, end in ranges]

    def __iter__(self) -> Iterator[bytes]:
        return (self[index] for index in range(len(self)))


class ByteStringColumn:
    """Byte strings under construction, stored in the columns NAME and NAME_offsets."""

    def __init__(self, columns: ColumnFactory, name: str) -> None:
        self._content: Column = columns(name, "|u1")
        self._offsets: Column = columns(f"{name}_offsets", "<i8")
        self._offsets.append([0])
        self._end = 0
        self._buffer = bytearray()
        self._buffered_ends: list[int] = []

    def append(self, value: bytes) -> None:
        """Append a string."""
        self._buffer += value
        self._end += len(value)
        self._buffered_ends.append(self._end)
        if len(self._buffer) > FLUSH_SIZE or len(self._buffered_ends) > FLUSH_SIZE:
            self._flush()

    def finish(self) -> ByteStrings:
        """Return all strings; nothing can be appended afterwards."""
        self._flush()
        return ByteStrings(self._content.finish(), self._offsets.finish())

    def _flush(self) -> None:
        self._content.append(np.frombuffer(bytes(self._buffer), dtype=np.uint8))
        self._offsets.append(self._buffered_ends)
        self._buffer.clear()
        self._buffered_ends.clear()
