"""Builds segments from stored documents, one at a time, so that memory does not grow with the texts."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from wherefrom.index.arrays import Array
from wherefrom.index.segments.byte_strings import ByteStringColumn
from wherefrom.index.segments.columns import ColumnFactory, in_memory
from wherefrom.index.segments.document_fields import PREFIX, DocumentFields, field_keys, prefixed
from wherefrom.index.segments.postings import MAX_TERM_COUNT, Postings, RowPostings, invert
from wherefrom.index.segments.row_terms import RowTerms, analyze_rows, text_key
from wherefrom.index.segments.segment import UNDATED, Documents, Segment
from wherefrom.index.segments.vector_index import VectorIndex
from wherefrom.index.segments.word_sequences import WordColumn
from wherefrom.index.storage.rows import IndexedDocument, IndexedParagraph

NO_PUBLISHER = -1
UNSORTED_POSTINGS = ("unsorted_terms", "unsorted_rows", "unsorted_counts")
BUILD_ONLY_COLUMNS = ("keys", *UNSORTED_POSTINGS, *(f"{PREFIX}{name}" for name in UNSORTED_POSTINGS))
"""Columns that are needed only while a segment is built."""


class SegmentBuilder:
    """Collects documents in columns. The documents of a base segment must be added in the order of their ids."""

    def __init__(self, dimension: int, columns: ColumnFactory = in_memory) -> None:
        self._columns = columns
        self._ids = ByteStringColumn(columns, "ids")
        self._digests = columns("digests", "|u1", 32)
        self._publishers = columns("publishers", "<i4")
        self._published = columns("published", "<i4")
        self._document_rows = columns("document_rows", "<i4")
        self._numbers = columns("numbers", "<i4")
        self._lengths = columns("lengths", "<i4")
        self._keys = columns("keys", "<u8")
        self._unit_offsets = columns("unit_offsets", "<i8")
        self._units = columns("units", "<f4", dimension)
        self._tokens = ByteStringColumn(columns, "tokens")
        self._words = WordColumn(columns)
        self._postings = PostingsColumn(columns)
        self._fields = PostingsColumn(prefixed(columns))
        self._publisher_numbers: dict[str, int] = {}
        self._document_count = self._row_count = self._unit_count = 0
        self._unit_offsets.append([0])

    def add(self, document: IndexedDocument) -> None:
        """Add a document with its paragraphs."""
        self._ids.append(document.document_id.encode())
        self._digests.append(np.frombuffer(bytes.fromhex(document.digest), dtype=np.uint8))
        self._publishers.append([self._publisher_number(document.publisher)])
        self._published.append([document.published.toordinal() if document.published else UNDATED])
        self._fields.append(self._document_count, dict.fromkeys(field_keys(document), 1))
        _, analyzed = analyze_rows([row.text for row in document.rows])
        for row, row_terms in zip(document.rows, analyzed, strict=True):
            self._add_row(row, row_terms)
        self._document_count += 1

    def add_all(self, documents: Iterable[IndexedDocument]) -> None:
        """Add documents one by one."""
        for document in documents:
            self.add(document)

    def build(self, folder: Path | None = None) -> Segment:
        """Return the segment of all documents added; a large vector index is written to `folder`, if one is given."""
        documents = Documents(
            ids=self._ids.finish(),
            digests=self._digests.finish(),
            publishers=self._publishers.finish(),
            publisher_names=tuple(self._publisher_numbers),
            published=self._published.finish(),
            fields=DocumentFields(postings=self._fields.finish()),
        )
        key_rows, sorted_keys = sort_keys(self._keys.finish(), self._columns)
        unit_offsets = self._unit_offsets.finish()
        return Segment(
            documents=documents,
            document_rows=self._document_rows.finish(),
            numbers=self._numbers.finish(),
            lengths=self._lengths.finish(),
            key_rows=key_rows,
            sorted_keys=sorted_keys,
            unit_offsets=unit_offsets,
            vectors=VectorIndex.build(self._units.finish(), folder, adjacent_rows=unit_offsets[:-1]),
            tokens=self._tokens.finish(),
            postings=self._postings.finish(),
            words=self._words.finish(),
        )

    def _publisher_number(self, name: str | None) -> int:
        if name is None:
            return NO_PUBLISHER
        return self._publisher_numbers.setdefault(name, len(self._publisher_numbers))

    def _add_row(self, row: IndexedParagraph, row_terms: RowTerms) -> None:
        self._postings.append(self._row_count, row_terms.counts)
        self._words.append(row_terms.words)
        self._document_rows.append([self._document_count])
        self._numbers.append([row.number])
        self._lengths.append([row_terms.length])
        self._keys.append([text_key(row.text)])
        self._tokens.append(row.tokens)
        units = np.concatenate([row.vector.reshape(1, -1), *([row.sentences] if len(row.sentences) > 1 else [])])
        self._units.append(units)
        self._unit_count += len(units)
        self._unit_offsets.append([self._unit_count])
        self._row_count += 1


class PostingsColumn:
    """Postings under construction, in the order in which rows are added."""

    def __init__(self, columns: ColumnFactory) -> None:
        self._columns = columns
        self._unsorted = [columns(name, "<i4") for name in UNSORTED_POSTINGS]
        self._vocabulary: dict[str, int] = {}

    def append(self, row: int, counts: Mapping[str, int]) -> None:
        """Append a row with the number of times that it has each term."""
        numbers = [self._vocabulary.setdefault(term, len(self._vocabulary)) for term in counts]
        capped_counts = [min(count, MAX_TERM_COUNT) for count in counts.values()]
        for column, values in zip(self._unsorted, (numbers, [row] * len(counts), capped_counts), strict=True):
            column.append(values)

    def finish(self) -> Postings:
        """Return all postings, sorted by term; nothing can be appended afterwards."""
        terms, rows, counts = (column.finish() for column in self._unsorted)
        unsorted = RowPostings(vocabulary=tuple(self._vocabulary), terms=terms, rows=rows, counts=counts)
        return invert(unsorted, self._columns)


def sort_keys(keys: Array, columns: ColumnFactory) -> tuple[Array, Array]:
    """Sort the text keys of all rows, as the columns `key_rows` and `sorted_keys`.

    Returns the rows in the order of their keys, rows with the same key ascending, and the keys in that order.
    """
    order = np.argsort(keys, kind="stable")
    key_rows, sorted_keys = columns("key_rows", "<i4"), columns("sorted_keys", "<u8")
    key_rows.append(order)
    sorted_keys.append(keys[order])
    return key_rows.finish(), sorted_keys.finish()
