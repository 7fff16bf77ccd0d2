"""A question to ranked paragraphs: candidates from three searches, fused by score, each text once."""

from dataclasses import replace
from typing import Literal

import numpy as np

from wherefrom.index.arrays import Mask, Matrix, Rows, Scores
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.ranking import Ranking
from wherefrom.index.scoring.fusion import fuse, lean, refine
from wherefrom.index.scoring.late_interaction import ENOUGH, interaction
from wherefrom.index.search.bm25 import Weights as Lexical
from wherefrom.index.search.candidates import Candidates
from wherefrom.index.search.first_stage import highest, nearest, nearest_by_sentence
from wherefrom.index.search.snapshot import Snapshot

DEPTH = 100
RANKED_AGAIN = 20
SENTENCES_A_PARAGRAPH = 3
"""Sentences looked at for each paragraph wanted, since the best sentences may share a paragraph."""

Order = Literal["fused", "lexical", "dense"]


def rank(snapshot: Snapshot, query: Query, *, allowed: Mask | None = None, order: Order = "fused") -> Ranking:
    """Rank the paragraphs for a question, each text once; only rows that the mask allows, where one is given.

    The first candidates by fused score are ranked again by late interaction beside it; the others stay behind them.
    """
    said = snapshot.lexicon.scores(query.terms)
    found = candidates(snapshot, query.vector, said, allowed)
    dense, sentence, sentences = found.cosines(query.vector)
    lexical, before = said[found.rows].astype(np.float64), said[found.before].astype(np.float64)
    leaning = lean(lexical, before, found.shares)
    fused = fuse(dense + sentence, leaning)
    ranking = Ranking(
        candidates=found,
        order=np.argsort(-{"fused": fused, "lexical": lexical, "dense": dense}[order], kind="stable"),
        dense=dense,
        sentence=sentence,
        sentences=sentences,
        lexical=lexical,
        unmet=np.full(len(found), ENOUGH),
        fused=fused,
    )
    return _rank_again(ranking, leaning, query) if order == "fused" else ranking


def _rank_again(ranking: Ranking, leaning: Scores, query: Query) -> Ranking:
    """The first candidates in the order of the second stage, then the others as they were."""
    first, behind = ranking.order[:RANKED_AGAIN], ranking.order[RANKED_AGAIN:]
    if not len(first) or not len(query.asked.tokens):
        return ranking
    tokens, counts = ranking.candidates.tokens(first, query.asked.tokens.shape[1])
    met = interaction(query.asked, tokens, counts)
    scores = {
        "vectors": ranking.dense[first] + ranking.sentence[first],
        "lexical": leaning[first],
        "mean": met.mean,
        "least": met.least,
    }
    refined = refine(scores, ranking.fused[first], query.weights, sum(counts) / len(counts))
    fused, unmet = ranking.fused.copy(), ranking.unmet
    fused[behind] = fused[behind] - fused[behind[:1]] + refined.min() - 1
    fused[first], unmet[first] = refined, met.unmet
    order = np.append(first[np.lexsort((first, -refined))], behind)
    return replace(ranking, order=order, unmet=unmet, fused=fused)


def candidates(snapshot: Snapshot, vector: Matrix, lexical: Lexical, allowed: Mask | None) -> Candidates:
    """The union of what each of the three searches finds first, in the order of their places, each text once.

    Of a collection that is no larger, that is all there is.
    """
    if allowed is None and snapshot.few is not None:
        return snapshot.few
    among = snapshot.searchable(allowed)
    if len(among) <= DEPTH:
        return snapshot.candidates(snapshot.in_order(np.flatnonzero(among.rows)))
    near = nearest(snapshot, vector, DEPTH, among)
    owners = nearest_by_sentence(snapshot, vector, DEPTH * SENTENCES_A_PARAGRAPH, among)
    said = owners[_first_of_each(owners)][:DEPTH]
    rows = np.concatenate([near, said, highest(snapshot, lexical, DEPTH, among.rows)])
    return snapshot.candidates(snapshot.in_order(rows))


def _first_of_each(keys: Rows) -> Rows:
    _, first = np.unique(keys, return_index=True)
    return np.sort(first).astype(np.int64)
