"""Segments from what the catalog stores: a document at a time, so that memory does not grow with the texts."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from wherefrom.index.arrays import Array
from wherefrom.index.segments.byte_strings import ByteStringColumn
from wherefrom.index.segments.columns import Columns, in_memory
from wherefrom.index.segments.postings import MAX_TERM_COUNT, RowPostings, invert
from wherefrom.index.segments.segment import UNDATED, Documents, Segment
from wherefrom.index.segments.vector_index import VectorIndex
from wherefrom.index.storage.rows import IndexedDocument, Row
from wherefrom.index.text.analyzer import terms

NO_PUBLISHER = -1
KEY_BYTES = 8


class SegmentBuilder:
    """Takes documents one by one; those of a segment that is searched by id must come ordered by id."""

    def __init__(self, dimension: int, columns: Columns = in_memory) -> None:
        self._columns = columns
        self._ids = ByteStringColumn(columns, "ids")
        self._digests = columns("digests", "|u1", 32)
        self._publishers = columns("publishers", "<i4")
        self._published = columns("published", "<i4")
        self._rows = columns("document_rows", "<i4")
        self._numbers = columns("numbers", "<i4")
        self._lengths = columns("lengths", "<i4")
        self._keys = columns("keys", "<u8")
        self._offsets = columns("unit_offsets", "<i8")
        self._units = columns("units", "<f4", dimension)
        self._tokens = ByteStringColumn(columns, "tokens")
        self._said = [columns(name, "<i4") for name in ("said_terms", "said_rows", "said_counts")]
        self._names: dict[str, int] = {}
        self._vocabulary: dict[str, int] = {}
        self._documents = self._paragraphs = self._units_made = 0
        self._offsets.append([0])

    def add(self, document: IndexedDocument) -> None:
        """Add a document with its paragraphs."""
        self._ids.append(document.document_id.encode())
        self._digests.append(np.frombuffer(bytes.fromhex(document.digest), dtype=np.uint8))
        name = document.publisher
        self._publishers.append([NO_PUBLISHER if name is None else self._names.setdefault(name, len(self._names))])
        self._published.append([document.published.toordinal() if document.published else UNDATED])
        for row in document.rows:
            self._add_row(row)
        self._documents += 1

    def add_all(self, documents: Iterable[IndexedDocument]) -> None:
        """Add documents one by one."""
        for document in documents:
            self.add(document)

    @property
    def rows(self) -> int:
        """How many paragraphs were added."""
        return self._paragraphs

    def build(self, folder: Path | None = None) -> Segment:
        """The segment of all that was added; an index of many vectors is made in the folder, where one is given."""
        documents = Documents(
            ids=self._ids.finish(),
            digests=self._digests.finish(),
            publishers=self._publishers.finish(),
            publisher_names=tuple(self._names),
            published=self._published.finish(),
        )
        said_terms, said_rows, said_counts = (column.finish() for column in self._said)
        said = RowPostings(vocabulary=tuple(self._vocabulary), terms=said_terms, rows=said_rows, counts=said_counts)
        key_rows, sorted_keys = order_keys(self._keys.finish(), self._columns)
        offsets = self._offsets.finish()
        return Segment(
            documents=documents,
            document_rows=self._rows.finish(),
            numbers=self._numbers.finish(),
            lengths=self._lengths.finish(),
            key_rows=key_rows,
            sorted_keys=sorted_keys,
            unit_offsets=offsets,
            vectors=VectorIndex.build(self._units.finish(), folder, offsets[:-1]),
            tokens=self._tokens.finish(),
            postings=invert(said, self._columns),
        )

    def _add_row(self, row: Row) -> None:
        stems = terms(row.text)
        counts = Counter(stems)
        numbers = [self._vocabulary.setdefault(stem, len(self._vocabulary)) for stem in counts]
        said = (numbers, [self._paragraphs] * len(counts), [min(count, MAX_TERM_COUNT) for count in counts.values()])
        for column, values in zip(self._said, said, strict=True):
            column.append(values)
        self._rows.append([self._documents])
        self._numbers.append([row.number])
        self._lengths.append([len(stems)])
        self._keys.append([text_key(row.text)])
        self._tokens.append(row.tokens)
        units = np.concatenate([row.vector.reshape(1, -1), *([row.sentences] if len(row.sentences) > 1 else [])])
        self._units.append(units)
        self._units_made += len(units)
        self._offsets.append([self._units_made])
        self._paragraphs += 1


def order_keys(keys: Array, columns: Columns) -> tuple[Array, Array]:
    """The rows in the order of their texts' keys, rows of the same text ascending, and the keys in that order."""
    order = np.argsort(keys, kind="stable")
    rows, ordered = columns("key_rows", "<i4"), columns("sorted_keys", "<u8")
    rows.append(order)
    ordered.append(keys[order])
    return rows.finish(), ordered.finish()


def text_key(text: str) -> int:
    """A number that texts share which say the same apart from case and white space.

    64 bits of a hash: among a million texts two that differ share one with a chance of 3 in 100 million.
    """
    said = " ".join(text.casefold().split())
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=KEY_BYTES).digest(), "little")
