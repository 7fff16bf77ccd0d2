"""The first stage of the embedded engine: the candidates of a question are the best rows of three searches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Array, Mask, Matrix, Rows
from wherefrom.index.engine import FirstStage, Term
from wherefrom.index.search.bm25 import Floats
from wherefrom.index.search.candidates import EmbeddedCandidates
from wherefrom.index.search.snapshot import SearchableRows, Snapshot
from wherefrom.index.segments.vector_index import Selection

DEPTH = 100
"""Number of rows that each search contributes."""
SENTENCES_PER_PARAGRAPH = 3
"""Number of sentences searched for per wanted paragraph, since the best sentences may share a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotScope:
    """The rows of a snapshot that filters allow (all if `None`); see `engine.Scope`.

    With `newest_copies` a text that occurs more than once is represented by the row with the latest date.
    """

    snapshot: Snapshot
    allowed: Mask | None = None
    warnings: tuple[str, ...] = ()
    newest_copies: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no row is allowed."""
        return self.allowed is not None and not (self.allowed & self.snapshot.live_rows).any()

    @property
    def paragraphs(self) -> int:
        """The number of live rows that are allowed."""
        if self.allowed is None:
            return self.snapshot.info.passages
        return int(np.count_nonzero(self.allowed & self.snapshot.live_rows))

    def first_stage(self, vector: Matrix, terms: Sequence[Term], lesser: Sequence[Term] = ()) -> FirstStage:
        """Search for a question's vector and terms: the union of the best rows of each search, each text once."""
        scores = self.snapshot.bm25.scores(terms, lesser)
        candidates = self.candidates(vector, scores)
        dense, sentence, sentences = candidates.cosines(vector)
        return FirstStage(
            candidates=candidates,
            dense=dense,
            sentence=sentence,
            sentences=sentences,
            lexical=scores[candidates.rows].astype(np.float64),
            preceding_lexical=scores[candidates.preceding].astype(np.float64),
        )

    def candidates(self, vector: Matrix, lexical: Floats) -> EmbeddedCandidates:
        """Return the union of what each search ranks first; all rows where there are no more than that."""
        snapshot = self.snapshot
        if self.allowed is None and not self.newest_copies and snapshot.all_candidates is not None:
            return snapshot.all_candidates
        searchable = snapshot.select(self.allowed, newest_copies=self.newest_copies)
        if len(searchable) <= DEPTH:
            return snapshot.candidates(snapshot.in_order(np.flatnonzero(searchable.rows)))
        by_paragraph = nearest(snapshot, vector, DEPTH, searchable)
        owners = nearest_by_sentence(snapshot, vector, DEPTH * SENTENCES_PER_PARAGRAPH, searchable)
        by_sentence = owners[_first_occurrences(owners)][:DEPTH]
        by_terms = highest(snapshot, lexical, DEPTH, searchable.rows)
        return snapshot.candidates(snapshot.in_order(np.concatenate([by_paragraph, by_sentence, by_terms])))

    def duplicates(self, row: int) -> Rows:
        """Return the other rows in scope with the same text apart from case and white space, in order."""
        return self.snapshot.duplicates.others(row, self.allowed)

    def published(self, rows: Rows) -> Rows:
        """Return the ordinals of the publication dates of rows, 0 for a row without one."""
        return self.snapshot.published(rows)

    def newest(self, latest: int) -> int:
        """Return the ordinal of the latest publication date in scope that is not after `latest`; 0 if there is none."""
        rows = self.snapshot.live_rows if self.allowed is None else self.allowed & self.snapshot.live_rows
        published = self.snapshot.published(np.flatnonzero(rows))
        return int(published[published <= latest].max(initial=0))


def highest(snapshot: Snapshot, scores: Array, count: int, allowed: Mask) -> Rows:
    """Return the allowed rows with the highest scores above 0, best first; ties in order of their sort keys."""
    rows = np.flatnonzero((scores > 0) & allowed)
    if len(rows) > count:
        last = np.partition(scores[rows], len(rows) - count)[len(rows) - count]
        rows = rows[scores[rows] >= last]
    best: Rows = rows[np.lexsort((snapshot.sort_keys[rows], -scores[rows]))[:count]]
    return best


def nearest(snapshot: Snapshot, query: Matrix, count: int, searchable: SearchableRows) -> Rows:
    """Return the rows whose paragraphs are nearest to a query vector, best first; ties in order of their sort keys."""
    rows, scores, _ = _nearest(snapshot, query, count, searchable.paragraphs)
    best: Rows = rows[np.lexsort((snapshot.sort_keys[rows], -scores))[:count]]
    return best


def nearest_by_sentence(snapshot: Snapshot, query: Matrix, count: int, searchable: SearchableRows) -> Rows:
    """Return the rows of the sentences that are nearest to a query vector, one per sentence, best first."""
    rows, scores, units = _nearest(snapshot, query, count, searchable.sentences)
    best: Rows = rows[np.lexsort((units, snapshot.sort_keys[rows], -scores))[:count]]
    return best


def _nearest(
    snapshot: Snapshot, query: Matrix, count: int, selections: Sequence[Selection]
) -> tuple[Rows, Array, Rows]:
    """Return the rows, scores and units of each segment's nearest vectors."""
    results = [
        (segment, start, *segment.vectors.nearest(query, count, selection))
        for segment, start, selection in zip(snapshot.segments, snapshot.starts, selections, strict=True)
        if selection.count
    ]
    rows = [segment.rows_of_units(units) + start for segment, start, units, _ in results]
    empty = np.empty(0, dtype=np.int64)
    return (
        np.concatenate([empty, *rows]),
        np.concatenate([empty.astype(np.float32), *(scores for *_, scores in results)]),
        np.concatenate([empty, *(units for _, _, units, _ in results)]),
    )


def _first_occurrences(values: Rows) -> Rows:
    """Return the positions of the first occurrence of each value, ascending."""
    _, first = np.unique(values, return_index=True)
    return np.sort(first).astype(np.int64)
