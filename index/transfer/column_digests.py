"""Digests of the values of each column of a table, independent of the encoding in a file."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


class ColumnDigests:
    """Computes the SHA-256 of the values of each column, in the order of the rows."""

    def __init__(self, columns: list[str]) -> None:
        self._digests = {name: hashlib.sha256() for name in columns}

    def update(self, batch: "pa.RecordBatch") -> None:
        """Add the rows of a batch, which has some of the columns or all of them."""
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            for value in _cells(column):
                self._digests[name].update(value)

    def hexdigests(self) -> Mapping[str, str]:
        """Return the digests by column."""
        return {name: digest.hexdigest() for name, digest in self._digests.items()}


def _cells(column: "pa.Array") -> Iterator[bytes]:
    """Yield values as bytes: floats as in memory, byte strings preceded by their length, and others as JSON."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if pa.types.is_fixed_size_list(column.type):
        yield column.flatten().to_numpy(zero_copy_only=False).tobytes()
        return
    for value in column.to_pylist():
        if isinstance(value, bytes):
            yield b"%d:" % len(value)
            yield value
        else:
            yield json.dumps(value, default=str).encode() + b"\n"
