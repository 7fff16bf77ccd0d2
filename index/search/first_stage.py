"""The searches over all rows, each for the rows that it finds first, and what they may find."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from wherefrom.index.arrays import Array, Mask, Matrix, Rows
from wherefrom.index.search.row_table import Table
from wherefrom.index.segments.segment import Segment
from wherefrom.index.segments.vector_index import Selection

Floats = Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """Which rows a search may find, as a mask over all rows, and for each segment its units that it may find."""

    rows: Mask
    paragraphs: tuple[Selection, ...]
    sentences: tuple[Selection, ...]

    def __len__(self) -> int:
        return sum(selection.count for selection in self.paragraphs)

    @classmethod
    def of(cls, segments: Sequence[Segment], starts: Sequence[int], rows: Mask) -> Self:
        """What a search may find of segments with these first rows, where it may find these rows."""
        each = zip(segments, starts, strict=True)
        selections = [segment.select_units(rows[start : start + len(segment)]) for segment, start in each]
        return cls(
            rows=rows,
            paragraphs=tuple(paragraphs for paragraphs, _ in selections),
            sentences=tuple(sentences for _, sentences in selections),
        )


def highest(table: Table, scores: Floats, count: int, among: Mask) -> Rows:
    """Of the rows with a score above 0 the highest, best first; ties go to the first by place."""
    rows = np.flatnonzero((scores > 0) & among)
    if len(rows) > count:
        last = np.partition(scores[rows], len(rows) - count)[len(rows) - count]
        rows = rows[scores[rows] >= last]
    best: Rows = rows[np.lexsort((table.places[rows], -scores[rows]))[:count]]
    return best


def nearest(table: Table, query: Matrix, count: int, among: Searchable) -> Rows:
    """The rows whose paragraphs are nearest to a query vector, best first; ties go to the first by place."""
    rows, scores, _ = _nearest(table, query, count, among.paragraphs)
    best: Rows = rows[np.lexsort((table.places[rows], -scores))[:count]]
    return best


def nearest_by_sentence(table: Table, query: Matrix, count: int, among: Searchable) -> Rows:
    """The rows of the sentences that are nearest to a query vector, one a sentence, best first."""
    rows, scores, units = _nearest(table, query, count, among.sentences)
    best: Rows = rows[np.lexsort((units, table.places[rows], -scores))[:count]]
    return best


def _nearest(table: Table, query: Matrix, count: int, among: Sequence[Selection]) -> tuple[Rows, Floats, Rows]:
    """Rows, scores and units of each segment's nearest."""
    found = [
        (segment, start, *segment.vectors.nearest(query, count, selection))
        for segment, start, selection in zip(table.segments, table.starts, among, strict=True)
        if selection.count
    ]
    rows = [segment.rows_of_units(units) + start for segment, start, units, _ in found]
    empty = np.empty(0, dtype=np.int64)
    return (
        np.concatenate([empty, *rows]),
        np.concatenate([empty.astype(np.float32), *(scores for *_, scores in found)]),
        np.concatenate([empty, *(units for _, _, units, _ in found)]),
    )
