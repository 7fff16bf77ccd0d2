"""Postings: for each term of the vocabulary the rows that contain it and the term's frequency in each row."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Array
from wherefrom.index.segments.byte_strings import ByteStringColumn, ByteStrings
from wherefrom.index.segments.columns import ColumnFactory

SORT_BLOCK_POSTINGS = 8_000_000
"""Postings sorted in memory at a time: at most 250 MB, whatever the size of the corpus."""
MAX_TERM_COUNT = np.iinfo(np.uint16).max
"""Largest term frequency that is stored; higher ones are stored as this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """An inverted index; `terms` are UTF-8 strings in ascending byte order.

    Term `n` occurs in `rows[offsets[n]:offsets[n + 1]]`, ascending, with the frequencies in the same range of `counts`.
    """

    terms: ByteStrings
    offsets: Array
    rows: Array
    counts: Array

    def of(self, term: str) -> tuple[Array, Array]:
        """Return the rows that contain a term and its frequency in each; empty arrays for an unknown term."""
        encoded = term.encode()
        number = bisect_left(self.terms, encoded)
        if number == len(self.terms) or self.terms[number] != encoded:
            return self.rows[:0], self.counts[:0]
        posting_range = slice(int(self.offsets[number]), int(self.offsets[number + 1]))
        return self.rows[posting_range], self.counts[posting_range]

    def with_prefix(self, prefix: str) -> Iterator[Array]:
        """Yield, for each term with a prefix, the rows that contain it."""
        encoded = prefix.encode()
        for number in range(bisect_left(self.terms, encoded), len(self.terms)):
            if not self.terms[number].startswith(encoded):
                return
            yield self.rows[int(self.offsets[number]) : int(self.offsets[number + 1])]

    def present(self, wanted: Sequence[bytes]) -> list[bytes]:
        """Return those of some terms that are there: a binary search for all of them at once."""
        if not wanted:
            return []
        width = max(map(len, wanted)) + 1  # so that a longer term, cut off there, equals none of them
        keys = np.array(wanted, dtype=f"S{width}")
        low, high = np.zeros(len(keys), dtype=np.int64), np.full(len(keys), len(self.terms), dtype=np.int64)
        for _ in range(len(self.terms).bit_length()):
            middle = (low + high) // 2
            below = (self._beginnings(middle, width) < keys) & (low < high)
            low, high = np.where(below, middle + 1, low), np.where(below, high, middle)
        found = np.flatnonzero((low < len(self.terms)) & (self._beginnings(low, width) == keys))
        return [wanted[position] for position in found.tolist()]

    def _beginnings(self, numbers: Array, width: int) -> Array:
        """Return the first `width` bytes of terms; of the last one for a number that is too high."""
        content, offsets = self.terms.content, self.terms.offsets
        numbers = np.minimum(numbers, len(self.terms) - 1)
        starts = offsets[numbers].reshape(-1, 1)
        places = starts + np.arange(width)
        inside = places < offsets[numbers + 1].reshape(-1, 1)
        letters = np.where(inside, content[np.minimum(places, len(content) - 1)], 0).astype(np.uint8)
        beginnings: Array = np.ascontiguousarray(letters).view(f"S{width}").reshape(-1)
        return beginnings


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPostings:
    """Postings in the order in which rows were added, before they are sorted by term.

    Each element of `terms`, an index into `vocabulary`, `rows` and `counts` is one posting; rows ascend.
    """

    vocabulary: Sequence[str]
    terms: Array
    rows: Array
    counts: Array


def invert(postings: RowPostings, columns: ColumnFactory) -> Postings:
    """Sort postings by term, a range of terms at a time."""
    order = sorted(range(len(postings.vocabulary)), key=lambda number: postings.vocabulary[number].encode())
    ranks = np.empty(len(order), dtype=np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    terms = ByteStringColumn(columns, "terms")
    for number in order:
        terms.append(postings.vocabulary[number].encode())
    ends = np.cumsum(_document_frequencies(postings, len(order))[order])
    offsets, rows, counts = columns("posting_offsets", "<i8"), columns("posting_rows", "<i4"), columns("counts", "<u2")
    offsets.append([0])
    offsets.append(ends)
    for first, last in _rank_ranges(ends):
        for column, values in zip((rows, counts), _sorted_range(postings, ranks, first, last), strict=True):
            column.append(values)
    return Postings(terms=terms.finish(), offsets=offsets.finish(), rows=rows.finish(), counts=counts.finish())


def _document_frequencies(postings: RowPostings, terms: int) -> Array:
    """Return the number of postings of each term."""
    frequencies = np.zeros(terms, dtype=np.int64)
    for start in range(0, len(postings.terms), SORT_BLOCK_POSTINGS):
        frequencies += np.bincount(postings.terms[start : start + SORT_BLOCK_POSTINGS], minlength=terms)
    return frequencies


def _rank_ranges(ends: Array) -> Iterator[tuple[int, int]]:
    """Yield ranges of term ranks with at most SORT_BLOCK_POSTINGS postings each, or of one term that has more."""
    first = 0
    while first < len(ends):
        postings_before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, postings_before + SORT_BLOCK_POSTINGS, side="right")))
        yield first, last
        first = last


def _sorted_range(postings: RowPostings, ranks: Array, first: int, last: int) -> tuple[Array, Array]:
    """Return the rows and counts of the terms with ranks from `first` to `last`, by rank and then by row."""
    selected_blocks: list[tuple[Array, Array, Array]] = []
    # Without postings there is one empty block: all documents with a merged segment's terms may be deleted.
    for start in range(0, max(len(postings.terms), 1), SORT_BLOCK_POSTINGS):
        block = slice(start, start + SORT_BLOCK_POSTINGS)
        block_ranks = ranks[postings.terms[block]]
        selected = np.flatnonzero((block_ranks >= first) & (block_ranks < last))
        selected_blocks.append(
            (block_ranks[selected], postings.rows[block][selected], postings.counts[block][selected])
        )
    selected_ranks, rows, counts = (np.concatenate(blocks) for blocks in zip(*selected_blocks, strict=True))
    order = np.argsort(selected_ranks, kind="stable")
    return rows[order], counts[order]
