"""A segment: some documents' paragraphs as they are searched. What is in one never changes.

Its rows are paragraphs, those of a document behind one another in order. Its units are vectors: a paragraph's own and
then those of its sentences, or its own alone where it is one sentence, which has the same vector.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Array, Mask, Rows
from wherefrom.index.segments.byte_strings import ByteStrings
from wherefrom.index.segments.postings import Postings
from wherefrom.index.segments.vector_index import Selection, VectorIndex

UNDATED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """What is known of a segment's documents; `published` is a day's ordinal, or UNDATED.

    `publishers` are numbers of the names in `publisher_names`, -1 where there is none.
    """

    ids: ByteStrings
    digests: Array
    publishers: Array
    publisher_names: tuple[str, ...]
    published: Array

    def __len__(self) -> int:
        return len(self.ids)

    def before(self, document_id: str) -> int:
        """How many ids are before this one. They must be ordered."""
        return bisect_left(self.ids, document_id.encode())

    def find(self, document_id: str) -> int | None:
        """Which one has this id; null if none has. They must be ordered by id."""
        at = self.before(document_id)
        return at if at < len(self) and self.ids[at] == document_id.encode() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Rows and units, the documents that they are of, and what they are found by.

    `lengths` are the rows' numbers of terms; `key_rows` are the rows in the order of their text's keys, `sorted_keys`.
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

    def __len__(self) -> int:
        return len(self.numbers)

    def sentence_units(self, rows: Rows) -> tuple[Rows, Rows]:
        """The units of all sentences of these rows, and how many each row has."""
        ends = self.unit_offsets[rows + 1]
        starts = np.minimum(self.unit_offsets[rows] + 1, ends - 1)
        counts = ends - starts
        return ranges(starts, counts), counts

    def rows_of_units(self, units: Rows) -> Rows:
        """The row that each unit is of."""
        owners: Rows = np.searchsorted(self.unit_offsets, units, side="right") - 1
        return owners

    def select_units(self, rows: Mask) -> tuple[Selection, Selection]:
        """The units of the rows allowed: those that are paragraphs, and those that are sentences."""
        firsts = self.unit_offsets[:-1]
        sizes = np.diff(self.unit_offsets)
        paragraphs = np.zeros(len(self.vectors), dtype=bool)
        paragraphs[firsts[rows]] = True
        sentences = np.repeat(rows, sizes)
        sentences[firsts[sizes > 1]] = False
        said = len(self.vectors) - int(np.count_nonzero(sizes > 1))
        return Selection.of(paragraphs, len(self)), Selection.of(sentences, said)


def ranges(starts: Rows, counts: Rows) -> Rows:
    """So many numbers from each start on, one range behind the other."""
    firsts = np.cumsum(counts) - counts
    every: Rows = np.repeat(starts - firsts, counts) + np.arange(counts.sum())
    return every
