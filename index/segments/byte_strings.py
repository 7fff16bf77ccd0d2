"""Many byte strings as two arrays: their bytes behind one another, and where each begins."""

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from wherefrom.index.arrays import Array
from wherefrom.index.segments.columns import Column, Columns

FLUSH_SIZE = 1_000_000
"""Bytes, or strings, gathered before they are written."""


class ByteStrings(Sequence[bytes]):
    """Byte strings of any length, read one at a time where they lie."""

    def __init__(self, content: Array, offsets: Array) -> None:
        self.content = content
        self.offsets = offsets

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> list[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | list[bytes]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self.content[self.offsets[at] : self.offsets[at + 1]].tobytes()

    def views(self, at: Array) -> list[Array]:
        """The strings at these places as they lie, without a copy."""
        ends = zip(self.offsets[at].tolist(), self.offsets[at + 1].tolist(), strict=True)
        return [self.content[start:end] for start, end in ends]

    def __iter__(self) -> Iterator[bytes]:
        return (self[at] for at in range(len(self)))


class ByteStringColumn:
    """Byte strings being written, as the columns NAME and NAME_offsets."""

    def __init__(self, columns: Columns, name: str) -> None:
        self._content: Column = columns(name, "|u1")
        self._offsets: Column = columns(f"{name}_offsets", "<i8")
        self._offsets.append([0])
        self._end = 0
        self._pending = bytearray()
        self._ends: list[int] = []

    def append(self, blob: bytes) -> None:
        """Add one at the end."""
        self._pending += blob
        self._end += len(blob)
        self._ends.append(self._end)
        if len(self._pending) > FLUSH_SIZE or len(self._ends) > FLUSH_SIZE:
            self._flush()

    def finish(self) -> ByteStrings:
        """All of them."""
        self._flush()
        return ByteStrings(self._content.finish(), self._offsets.finish())

    def _flush(self) -> None:
        self._content.append(np.frombuffer(bytes(self._pending), dtype=np.uint8))
        self._offsets.append(self._ends)
        self._pending.clear()
        self._ends.clear()
