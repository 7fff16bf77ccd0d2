"""Rows with the same text apart from case and white space, such as wire copy: they take one place in a ranking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from wherefrom.index.arrays import Array, Mask, Rows
from wherefrom.index.segments.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactDuplicates:
    """The live rows whose text occurs more than once, sorted by the `keys` of their texts and then by position."""

    rows: Rows
    keys: Array

    @classmethod
    def among(cls, segments: Sequence[Segment], live_rows: Mask, sort_keys: Rows) -> Self:
        """Find the duplicates among the live rows; `sort_keys` put rows in order of document id and paragraph."""
        suspects = _suspects(segments)
        row_parts, key_parts = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.uint64)]
        start = 0
        for segment in segments:
            positions = _positions(segment, suspects)
            row_parts.append(segment.key_rows[positions].astype(np.int64) + start)
            key_parts.append(segment.sorted_keys[positions])
            start += len(segment)
        rows, keys = np.concatenate(row_parts), np.concatenate(key_parts)
        live = live_rows[rows]
        rows, keys = rows[live], keys[live]
        order = np.lexsort((sort_keys[rows], keys))
        rows, keys = rows[order], keys[order]
        repeated = _repeated(keys)
        return cls(rows=rows[repeated], keys=keys[repeated])

    def first_only(self, allowed: Mask, published: Rows | None = None) -> Mask:
        """Return the mask without the rows that repeat the text of an earlier allowed row.

        If `published` has the dates of `rows`, the latest of the allowed rows is kept instead of the first.
        """
        if not len(self.rows):
            return allowed
        chosen = np.flatnonzero(allowed[self.rows])
        if published is not None:
            chosen = chosen[np.lexsort((chosen, -published[chosen], self.keys[chosen]))]
        rows, keys = self.rows[chosen], self.keys[chosen]
        repeats = np.zeros(len(rows), dtype=bool)
        repeats[1:] = keys[1:] == keys[:-1]
        first = allowed.copy()
        first[rows[repeats]] = False
        return first

    def others(self, row: int, allowed: Mask | None) -> Rows:
        """Return the other allowed rows (all if `None`) with the same text as this one, in order."""
        matches = np.flatnonzero(self.rows == row) if len(self.rows) else self.rows
        if not len(matches):
            return np.empty(0, dtype=np.int64)
        same = self.rows[self.keys == self.keys[matches[0]]]
        others: Rows = same[same != row]
        return others if allowed is None else others[allowed[others]]


def _suspects(segments: Sequence[Segment]) -> Array:
    """Return the keys, ascending, that may have several rows: those repeated in a segment, and all of the deltas."""
    repeated = [segment.sorted_keys[_repeated(segment.sorted_keys)] for segment in segments]
    deltas = [segment.sorted_keys for segment in segments[1:]]
    return np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *repeated, *deltas]))


def _positions(segment: Segment, keys: Array) -> Rows:
    """Return the positions of these keys among a segment's sorted keys."""
    firsts = np.searchsorted(segment.sorted_keys, keys, side="left")
    counts = np.searchsorted(segment.sorted_keys, keys, side="right") - firsts
    before = np.cumsum(counts) - counts
    positions: Rows = np.repeat(firsts - before, counts) + np.arange(counts.sum())
    return positions


def _repeated(ordered: Array) -> Mask:
    """Return which of some sorted keys occur more than once."""
    repeated = np.zeros(len(ordered), dtype=bool)
    same = ordered[1:] == ordered[:-1]
    repeated[1:] |= same
    repeated[:-1] |= same
    return repeated
