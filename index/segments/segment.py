"""A segment: the search structures of some documents' paragraphs. Immutable.

A row is a paragraph; the rows of a document are consecutive and in order. A unit is a vector: each row has one for the
paragraph, followed by one for each of its sentences. A paragraph of a single sentence has only one unit, since the two
vectors would be the same.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Array, Mask, Rows
from wherefrom.index.segments.byte_strings import ByteStrings
from wherefrom.index.segments.document_fields import DocumentFields
from wherefrom.index.segments.postings import Postings
from wherefrom.index.segments.vector_index import Selection, VectorIndex
from wherefrom.index.segments.word_sequences import WordSequences

UNDATED = 0
"""The value of `Documents.published` for a document without a publication date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The columns of a segment's documents.

    `digests` has dtype uint8 and shape (documents, 32). `publishers` are indices into `publisher_names`, or -1 for a
    document without a publisher. `published` are proleptic Gregorian ordinals of days, or UNDATED. `fields` has the
    other metadata of the documents.
    """

    ids: ByteStrings
    digests: Array
    publishers: Array
    publisher_names: tuple[str, ...]
    published: Array
    fields: DocumentFields

    def __len__(self) -> int:
        return len(self.ids)

    def before(self, document_id: str) -> int:
        """Return the number of ids that sort before this one. The documents must be ordered by id."""
        return bisect_left(self.ids, document_id.encode())

    def find(self, document_id: str) -> int | None:
        """Return the position of a document, or `None` if there is none. The documents must be ordered by id."""
        position = self.before(document_id)
        return position if position < len(self) and self.ids[position] == document_id.encode() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The columns over a segment's rows, its vector index, its packed tokens, its postings and its words in order.

    `document_rows` are the positions of the rows' documents, `numbers` the paragraph numbers, `lengths` the numbers of
    terms. `sorted_keys` are the rows' text keys in ascending order, and `key_rows` the rows in that order. The units of
    row `i` are `unit_offsets[i]` to `unit_offsets[i + 1]`, the latter excluded.
    """

    documents: Documents
    document_rows: Array
    numbers: Array
    lengths: Array
    key_rows: Array
    sorted_keys: Array
    unit_offsets: Array
    vectors: VectorIndex
    tokens: ByteStrings
    postings: Postings
    words: WordSequences

    def __len__(self) -> int:
        return len(self.numbers)

    def sentence_units(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return the sentence units of rows, concatenated, and the number of units of each row."""
        ends = self.unit_offsets[rows + 1]
        starts = np.minimum(self.unit_offsets[rows] + 1, ends - 1)
        counts = ends - starts
        return concatenated_ranges(starts, counts), counts

    def rows_of_units(self, units: Rows) -> Rows:
        """Return the row that each unit belongs to."""
        rows: Rows = np.searchsorted(self.unit_offsets, units, side="right") - 1
        return rows

    def select_units(self, rows: Mask) -> tuple[Selection, Selection]:
        """Return the paragraph units and the sentence units of the rows where the mask is true.

        The only unit of a paragraph of a single sentence counts as both.
        """
        paragraph_units = self.unit_offsets[:-1]
        unit_counts = np.diff(self.unit_offsets)
        paragraphs = np.zeros(len(self.vectors), dtype=bool)
        paragraphs[paragraph_units[rows]] = True
        sentences = np.repeat(rows, unit_counts)
        sentences[paragraph_units[unit_counts > 1]] = False
        all_sentences = len(self.vectors) - int(np.count_nonzero(unit_counts > 1))
        return Selection.of(paragraphs, len(self)), Selection.of(sentences, all_sentences)


def concatenated_ranges(starts: Rows, counts: Rows) -> Rows:
    """Return the concatenation of the ranges that begin at `starts` and have `counts` elements."""
    offsets = np.cumsum(counts) - counts
    values: Rows = np.repeat(starts - offsets, counts) + np.arange(counts.sum())
    return values
