"""A question to ranked paragraphs: candidates from three searches, fused by score, each text once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from index import types
from index.embedder import Embedder, Matrix
from index.fusion import Scores, Weights, fuse, lean, refine
from index.interaction import Asked, Met, interaction, unpack
from index.lexicon import Weights as Lexical
from index.snapshot import Snapshot
from index.terms import terms
from index.token_head import head_of, project, weigh
from index.vectors import Mask, Rows

DEPTH = 100
RANKED_AGAIN = 20
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
    met: Met
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
            met=self.met.take(positions),
            fused=self.fused[positions],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as the searches take it: its text, its vector, its tokens weighed, and its terms."""

    text: str
    vector: Matrix
    asked: Asked
    terms: Sequence[str]
    weights: Weights


def encode(question: str, embedder: Embedder) -> Query:
    """Read a question once for all searches."""
    return encode_together([question], embedder)[0]


def encode_together(questions: Sequence[str], embedder: Embedder) -> list[Query]:
    """`encode` for each question, bit for bit; together they take less time than one after the other."""
    model = embedder.identity
    return [
        Query(
            text=question,
            vector=reading.vector,
            asked=Asked(tokens=project(reading.tokens, model), weights=weigh(reading.tokens, model)),
            terms=terms(question),
            weights=Weights.load("plain" if head_of(model) is None else "head"),
        )
        for question, reading in zip(questions, embedder.read(questions, [""] * len(questions)), strict=True)
    ]


def rank(snapshot: Snapshot, query: Query, *, allowed: Mask | None = None, order: Order = "fused") -> Ranking:
    """Rank the paragraphs for a question, each text once; only rows that the mask allows, where one is given.

    The first candidates by fused score are ranked again by late interaction beside it; the others stay behind them.
    """
    lexical = snapshot.lexicon.scores(query.terms)
    rows = candidates(snapshot, query.vector, lexical, allowed)
    dense = snapshot.cosines(query.vector, rows)
    sentence = snapshot.best_sentences(query.vector, rows)
    bm25 = lexical[rows].astype(np.float64)
    leaning = _leaning(snapshot, lexical, rows)
    fused = fuse(dense + sentence, leaning)
    none = Met.nothing(len(rows))
    ranking = Ranking(rows=rows, dense=dense, sentence=sentence, lexical=bm25, met=none, fused=fused)
    best = np.lexsort((snapshot.places[rows], -getattr(ranking, order)))
    ranked = ranking.take(best)
    return _rank_again(ranked, leaning[best], snapshot, query) if order == "fused" else ranked


def _leaning(snapshot: Snapshot, lexical: Lexical, rows: Rows) -> Scores:
    before = snapshot.before(rows)
    told = np.where(before == rows, 0.0, lexical[before])
    return lean(lexical[rows].astype(np.float64), told, snapshot.lengths[rows])


def _rank_again(ranking: Ranking, leaning: Scores, snapshot: Snapshot, query: Query) -> Ranking:
    """The first candidates in the order of the second stage, then the others as they were."""
    first = ranking.take(np.arange(min(RANKED_AGAIN, len(ranking))))
    packed = snapshot.tokens(first.rows)
    if not first.rows.size or not len(query.asked.tokens):
        return ranking
    dimension = query.asked.tokens.shape[1]
    counts = [len(each) // dimension for each in packed]
    met = interaction(query.asked, unpack(packed, dimension), counts)
    scores = {
        "vectors": first.dense + first.sentence,
        "lexical": leaning[: len(first)],
        "mean": met.mean,
        "least": met.least,
    }
    refined = refine(scores, first.fused, query.weights, float(np.mean(counts)))
    order = np.lexsort((snapshot.places[first.rows], -refined))
    behind = np.arange(len(first), len(ranking))
    gap = ranking.fused[behind] - ranking.fused[behind[:1]] + refined.min() - 1 if behind.size else ranking.fused[:0]
    again = replace(ranking, met=met.followed_by(len(behind)), fused=np.append(refined, gap))
    return again.take(np.append(order, behind))


def candidates(snapshot: Snapshot, vector: Matrix, lexical: Lexical, allowed: Mask | None) -> Rows:
    """The union of what each of the three searches finds first, in the order of their places, each text once.

    Of a collection that is no larger, that is all there is.
    """
    among = snapshot.searchable(allowed)
    if len(among) <= DEPTH:
        return snapshot.in_order(np.flatnonzero(among.rows))
    near = snapshot.nearest(vector, DEPTH, among)
    owners = snapshot.nearest_by_sentence(vector, DEPTH * SENTENCES_A_PARAGRAPH, among)
    said = owners[_first_of_each(owners)][:DEPTH]
    return snapshot.in_order(np.concatenate([near, said, snapshot.highest(lexical, DEPTH, among.rows)]))


def _first_of_each(keys: Rows) -> Rows:
    _, first = np.unique(keys, return_index=True)
    return np.sort(first).astype(np.int64)
