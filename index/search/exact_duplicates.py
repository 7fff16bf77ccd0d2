"""Rows that say the same apart from case and white space: wire copy takes one place in a ranking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from wherefrom.index.arrays import Array, Mask, Rows
from wherefrom.index.segments.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """The rows whose text stands in several, ordered by their texts' `keys` and then by place."""

    rows: Rows
    keys: Array

    @classmethod
    def among(cls, segments: Sequence[Segment], alive: Mask, places: Rows) -> Self:
        """Find them among the rows alive, of which `places` say the order."""
        wanted = _suspects(segments)
        found, starts = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.uint64)]
        start = 0
        for segment in segments:
            at = _positions(segment, wanted)
            found.append(segment.key_rows[at].astype(np.int64) + start)
            starts.append(segment.sorted_keys[at])
            start += len(segment)
        rows, keys = np.concatenate(found), np.concatenate(starts)
        living = alive[rows]
        rows, keys = rows[living], keys[living]
        order = np.lexsort((places[rows], keys))
        rows, keys = rows[order], keys[order]
        several = _repeated(keys)
        return cls(rows=rows[several], keys=keys[several])

    def first_only(self, allowed: Mask) -> Mask:
        """The rows allowed but those that an earlier allowed row says the same as."""
        if not len(self.rows):
            return allowed
        kept = allowed[self.rows]
        rows, keys = self.rows[kept], self.keys[kept]
        later = np.zeros(len(rows), dtype=bool)
        later[1:] = keys[1:] == keys[:-1]
        first = allowed.copy()
        first[rows[later]] = False
        return first

    def others(self, row: int, allowed: Mask | None) -> Rows:
        """The other rows allowed that say the same as this one, in order."""
        (at,) = np.flatnonzero(self.rows == row)[:1].tolist() or (None,) if len(self.rows) else (None,)
        if at is None:
            return np.empty(0, dtype=np.int64)
        same = self.rows[self.keys == self.keys[at]]
        others: Rows = same[same != row]
        return others if allowed is None else others[allowed[others]]


def _suspects(segments: Sequence[Segment]) -> Array:
    """The keys, ascending, that may be of several rows: those repeated in a segment, and all of the small ones."""
    repeated = [segment.sorted_keys[_repeated(segment.sorted_keys)] for segment in segments]
    small = [segment.sorted_keys for segment in segments[1:]]
    return np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *repeated, *small]))


def _positions(segment: Segment, keys: Array) -> Rows:
    """Where rows of these keys stand among a segment's ordered keys."""
    firsts = np.searchsorted(segment.sorted_keys, keys, side="left")
    sizes = np.searchsorted(segment.sorted_keys, keys, side="right") - firsts
    before = np.cumsum(sizes) - sizes
    positions: Rows = np.repeat(firsts - before, sizes) + np.arange(sizes.sum())
    return positions


def _repeated(ordered: Array) -> Mask:
    """Which of some ordered keys stand there more than once."""
    repeated = np.zeros(len(ordered), dtype=bool)
    same = ordered[1:] == ordered[:-1]
    repeated[1:] |= same
    repeated[:-1] |= same
    return repeated
