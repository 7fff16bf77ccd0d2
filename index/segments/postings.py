"""Which rows say a term, and how often: an inverted file, by terms in the order of their bytes."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Array
from wherefrom.index.segments.byte_strings import ByteStringColumn, ByteStrings
from wherefrom.index.segments.columns import Columns

SORT_BLOCK_POSTINGS = 8_000_000
"""Postings sorted in memory at a time: 250 MB at most, whatever the corpus."""
MAX_TERM_COUNT = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """For the term at `n` the rows `rows[offsets[n]:offsets[n + 1]]`, ascending, and its `counts` in them."""

    terms: ByteStrings
    offsets: Array
    rows: Array
    counts: Array

    def of(self, term: str) -> tuple[Array, Array]:
        """The rows that say a term, and how often each; none for a term that never occurs."""
        wanted = term.encode()
        at = bisect_left(self.terms, wanted)
        if at == len(self.terms) or self.terms[at] != wanted:
            return self.rows[:0], self.counts[:0]
        place = slice(int(self.offsets[at]), int(self.offsets[at + 1]))
        return self.rows[place], self.counts[place]

    def beginning(self, letters: str) -> Iterator[Array]:
        """The rows that say each term that begins with these letters."""
        wanted = letters.encode()
        for at in range(bisect_left(self.terms, wanted), len(self.terms)):
            if not self.terms[at].startswith(wanted):
                return
            yield self.rows[int(self.offsets[at]) : int(self.offsets[at + 1])]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPostings:
    """Postings as rows give them: `terms` are numbers of the `vocabulary`, rows ascend."""

    vocabulary: Sequence[str]
    terms: Array
    rows: Array
    counts: Array


def invert(said: RowPostings, columns: Columns) -> Postings:
    """Sort postings by term, a stretch of the terms at a time."""
    order = sorted(range(len(said.vocabulary)), key=lambda number: said.vocabulary[number].encode())
    ranks = np.empty(len(order), dtype=np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    terms = ByteStringColumn(columns, "terms")
    for number in order:
        terms.append(said.vocabulary[number].encode())
    ends = np.cumsum(_sizes(said, len(order))[order])
    offsets, rows, counts = columns("posting_offsets", "<i8"), columns("posting_rows", "<i4"), columns("counts", "<u2")
    offsets.append([0])
    offsets.append(ends)
    for first, last in _stretches(ends):
        for column, values in zip((rows, counts), _sorted(said, ranks, first, last), strict=True):
            column.append(values)
    return Postings(terms=terms.finish(), offsets=offsets.finish(), rows=rows.finish(), counts=counts.finish())


def _sizes(said: RowPostings, terms: int) -> Array:
    sizes = np.zeros(terms, dtype=np.int64)
    for start in range(0, len(said.terms), SORT_BLOCK_POSTINGS):
        sizes += np.bincount(said.terms[start : start + SORT_BLOCK_POSTINGS], minlength=terms)
    return sizes


def _stretches(ends: Array) -> Iterator[tuple[int, int]]:
    """Ranges of ranks with at most `SORT_BLOCK_POSTINGS` postings each, or one term that has more."""
    first = 0
    while first < len(ends):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + SORT_BLOCK_POSTINGS, side="right")))
        yield first, last
        first = last


def _sorted(said: RowPostings, ranks: Array, first: int, last: int) -> tuple[Array, Array]:
    """The rows and counts of the terms of these ranks, by rank and then by row."""
    found: list[tuple[Array, Array, Array]] = []
    for start in range(0, len(said.terms), SORT_BLOCK_POSTINGS):
        block = slice(start, start + SORT_BLOCK_POSTINGS)
        ranked = ranks[said.terms[block]]
        chosen = np.flatnonzero((ranked >= first) & (ranked < last))
        found.append((ranked[chosen], said.rows[block][chosen], said.counts[block][chosen]))
    ranked, rows, counts = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(ranked, kind="stable")
    return rows[order], counts[order]
