"""A question to ranked paragraphs: candidates from three searches, fused by score, each text once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from index import types
from index.catalog import Catalog
from index.embedder import Embedder, Matrix
from index.fusion import Scores, fuse, lean, refine
from index.interaction import interaction, unpack
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
    """Candidate rows, best first, with their scores; higher is better in each, and ties go to the lower row."""

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


def rank(
    snapshot: Snapshot, query: Query, catalog: Catalog, *, allowed: Mask | None = None, order: Order = "fused"
) -> Ranking:
    """Rank the paragraphs for a question, each text once; only rows that the mask allows, where one is given.

    The first candidates by fused score are ranked again with late interaction; the others stay behind them.
    """
    lexical = snapshot.structures.lexicon.scores(query.terms)
    rows = candidates(snapshot, query.vector, lexical, snapshot.first_copies(allowed))
    dense = snapshot.structures.paragraphs.scores(query.vector, rows).astype(np.float64)
    sentence = best_sentences(snapshot, query.vector, rows)
    bm25 = lexical[rows].astype(np.float64)
    fused = fuse(dense, sentence, _leaning(snapshot, lexical, rows))
    late = np.full(len(rows), np.nan)
    ranking = Ranking(rows=rows, dense=dense, sentence=sentence, lexical=bm25, late=late, fused=fused)
    ranked = ranking.take(np.lexsort((rows, -getattr(ranking, order))))
    return _rank_again(ranked, snapshot, query, catalog) if order == "fused" else ranked


def _leaning(snapshot: Snapshot, lexical: Matrix, rows: Rows) -> Scores:
    before = snapshot.before(rows)
    told = np.where(before == rows, 0.0, lexical[before])
    return lean(lexical[rows].astype(np.float64), told, snapshot.structures.lengths[rows])


def _rank_again(ranking: Ranking, snapshot: Snapshot, query: Query, catalog: Catalog) -> Ranking:
    again = ranking.rows[:RANKED_AGAIN]
    packed = catalog.tokens(snapshot.paragraph_ids[again].tolist())
    tokens = [unpack(each, len(query.vector)) for each in packed]
    late = np.full(len(ranking), np.nan)
    late[: len(again)] = interaction(query.tokens, tokens)
    mean_tokens = float(np.mean([len(each) for each in tokens])) if tokens else 0.0
    refined = replace(ranking, late=late, fused=refine(ranking.fused, late, mean_tokens))
    return refined.take(np.lexsort((refined.rows, -refined.fused)))


def candidates(snapshot: Snapshot, vector: Matrix, lexical: Matrix, allowed: Mask | None) -> Rows:
    """The union of what each of the three searches finds first, as rows in ascending order."""
    structures = snapshot.structures
    near = structures.paragraphs.nearest(vector, DEPTH, allowed)
    allowed_sentences = None if allowed is None else np.repeat(allowed, np.diff(structures.sentence_offsets))
    sentences = structures.sentences.nearest(vector, DEPTH * SENTENCES_A_PARAGRAPH, allowed_sentences)
    owners = structures.owners(sentences)
    said = owners[_first_of_each(owners)][:DEPTH]
    return np.unique(np.concatenate([near, said, _best_lexical(lexical, allowed)]))


def best_sentences(snapshot: Snapshot, vector: Matrix, rows: Rows) -> Scores:
    """The cosine of each row's sentence that is nearest to the question."""
    if rows.size == 0:
        return np.empty(0, dtype=np.float64)
    offsets = snapshot.structures.sentence_offsets
    counts = offsets[rows + 1] - offsets[rows]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    within = np.arange(counts.sum()) - np.repeat(starts, counts)
    cosines = snapshot.structures.sentences.scores(vector, np.repeat(offsets[rows], counts) + within)
    best: Scores = np.maximum.reduceat(cosines, starts).astype(np.float64)
    return best


def _best_lexical(lexical: Matrix, allowed: Mask | None) -> Rows:
    hits = np.flatnonzero(lexical > 0 if allowed is None else (lexical > 0) & allowed)
    best: Rows = hits[np.argsort(-lexical[hits], kind="stable")[:DEPTH]]
    return best


def _first_of_each(keys: Rows) -> Rows:
    _, first = np.unique(keys, return_index=True)
    return np.sort(first).astype(np.int64)
