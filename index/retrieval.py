"""A question to ranked paragraphs: candidates from three searches, fused by score, each text once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from index import types
from index.embedder import Embedder, Matrix
from index.fusion import Scores, fuse, lean, refine
from index.interaction import interaction, unpack
from index.lexicon import Weights
from index.snapshot import Snapshot
from index.terms import terms
from index.vectors import Mask, Rows

DEPTH = 100
RANKED_AGAIN = 30
SENTENCES_A_PARAGRAPH = 3
"""Sentences looked at for each paragraph wanted, since the best sentences may share a paragraph."""

Order = Literal["fused", "lexical", "dense"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Candidate rows, best first, with their scores; higher is better in each, and ties go to the first by place."""

    rows: Rows
    dense: Scores
    sentence: Scores
    lexical: Scores
    late: Scores
    fused: Scores

    def __len__(self) -> int:
        return len(self.rows)

    def scores(self, position: int) -> types.Scores:
        """The scores of the candidate at this position."""
        return types.Scores(
            dense=float(self.dense[position]),
            sentence=float(self.sentence[position]),
            lexical=float(self.lexical[position]),
            fused=float(self.fused[position]),
        )

    def take(self, positions: Rows) -> "Ranking":
        """The candidates at these positions, in this order."""
        return Ranking(
            rows=self.rows[positions],
            dense=self.dense[positions],
            sentence=self.sentence[positions],
            lexical=self.lexical[positions],
            late=self.late[positions],
            fused=self.fused[positions],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as the searches take it: its vector, a row for each of its tokens, and its terms."""

    vector: Matrix
    tokens: Matrix
    terms: Sequence[str]


def encode(question: str, embedder: Embedder) -> Query:
    """Read a question once for all searches."""
    (reading,) = embedder.read([question], [""])
    return Query(vector=reading.vector, tokens=reading.tokens, terms=terms(question))


def rank(snapshot: Snapshot, query: Query, *, allowed: Mask | None = None, order: Order = "fused") -> Ranking:
    """Rank the paragraphs for a question, each text once; only rows that the mask allows, where one is given.

    The first candidates by fused score are ranked again with late interaction; the others stay behind them.
    """
    lexical = snapshot.lexicon.scores(query.terms)
    rows = candidates(snapshot, query.vector, lexical, allowed)
    dense = snapshot.cosines(query.vector, rows)
    sentence = snapshot.best_sentences(query.vector, rows)
    bm25 = lexical[rows].astype(np.float64)
    fused = fuse(dense, sentence, _leaning(snapshot, lexical, rows))
    late = np.full(len(rows), np.nan)
    ranking = Ranking(rows=rows, dense=dense, sentence=sentence, lexical=bm25, late=late, fused=fused)
    ranked = ranking.take(np.lexsort((snapshot.places[rows], -getattr(ranking, order))))
    return _rank_again(ranked, snapshot, query) if order == "fused" else ranked


def _leaning(snapshot: Snapshot, lexical: Weights, rows: Rows) -> Scores:
    before = snapshot.before(rows)
    told = np.where(before == rows, 0.0, lexical[before])
    return lean(lexical[rows].astype(np.float64), told, snapshot.lengths[rows])


def _rank_again(ranking: Ranking, snapshot: Snapshot, query: Query) -> Ranking:
    again = ranking.rows[:RANKED_AGAIN]
    tokens = [unpack(each, len(query.vector)) for each in snapshot.tokens(again)]
    late = np.full(len(ranking), np.nan)
    late[: len(again)] = interaction(query.tokens, tokens)
    mean_tokens = float(np.mean([len(each) for each in tokens])) if tokens else 0.0
    refined = replace(ranking, late=late, fused=refine(ranking.fused, late, mean_tokens))
    return refined.take(np.lexsort((snapshot.places[refined.rows], -refined.fused)))


def candidates(snapshot: Snapshot, vector: Matrix, lexical: Weights, allowed: Mask | None) -> Rows:
    """The union of what each of the three searches finds first, in the order of their places, each text once."""
    among = snapshot.searchable(allowed)
    near = snapshot.nearest(vector, DEPTH, among)
    owners = snapshot.nearest_by_sentence(vector, DEPTH * SENTENCES_A_PARAGRAPH, among)
    said = owners[_first_of_each(owners)][:DEPTH]
    return snapshot.in_order(np.concatenate([near, said, snapshot.highest(lexical, DEPTH, among.rows)]))


def _first_of_each(keys: Rows) -> Rows:
    _, first = np.unique(keys, return_index=True)
    return np.sort(first).astype(np.int64)
