"""Ranks the candidates of a question: fusion of the searches' scores, then late interaction for the first of them."""

from dataclasses import replace
from typing import Literal

import numpy as np

from wherefrom.index.arrays import Scores
from wherefrom.index.engine import Scope
from wherefrom.index.ranking import document_preference
from wherefrom.index.ranking.document_preference import DocumentPreference
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.ranking import Ranking
from wherefrom.index.scoring.fusion import add_context, fuse, late_interaction_share, second_stage
from wherefrom.index.scoring.late_interaction import MATCH_COSINE, match_tokens
from wherefrom.index.scoring.recency import FIRST_STAGE_WEIGHT, SECOND_STAGE_WEIGHT, Recency

SECOND_STAGE_DEPTH = 20
"""Number of candidates that the second stage ranks again."""

Order = Literal["fused", "lexical", "dense"]


def rank(
    scope: Scope,
    query: Query,
    *,
    order: Order = "fused",
    recency: Recency | None = None,
    preference: DocumentPreference | None = None,
) -> Ranking:
    """Rank the paragraphs in scope for a question, each text once.

    With `recency`, later dates rank higher; with `preference`, the paragraphs of the preferred documents do. The second
    stage ranks the first SECOND_STAGE_DEPTH candidates by fused score again; the others follow them. The orders
    `lexical` and `dense` rank by that score alone; they are baselines for measurements.
    """
    stage = scope.first_stage(query.vector, [*query.terms, *query.names], query.lesser_terms)
    lexical = add_context(stage.lexical, stage.preceding_lexical, stage.candidates.context_shares)
    fused = fuse(stage.dense + stage.sentence, lexical)
    bonus = None if recency is None else recency.of(scope.published(stage.candidates.rows))
    if bonus is not None:
        fused = fused + FIRST_STAGE_WEIGHT * bonus
    preferred = None if preference is None else preference.of(stage.candidates.rows)
    if preferred is not None:
        fused = fused + document_preference.FIRST_STAGE_WEIGHT * preferred
    sort_by = {"fused": fused, "lexical": stage.lexical, "dense": stage.dense}[order]
    ranking = Ranking(
        candidates=stage.candidates,
        order=np.argsort(-sort_by, kind="stable"),
        dense=stage.dense,
        sentence=stage.sentence,
        sentences=stage.sentences,
        lexical=stage.lexical,
        shortfall=np.full(len(stage.candidates), MATCH_COSINE),
        fused=fused,
        recency=bonus,
        preferred=preferred,
    )
    return _rank_again(ranking, lexical, query) if order == "fused" else ranking


def _rank_again(ranking: Ranking, lexical: Scores, query: Query) -> Ranking:
    """Rank the first candidates by the second stage's score; the others follow in their order."""
    first, others = ranking.order[:SECOND_STAGE_DEPTH], ranking.order[SECOND_STAGE_DEPTH:]
    if not len(first) or not len(query.tokens.tokens):
        return ranking
    tokens, counts = ranking.candidates.tokens(first, query.tokens.tokens.shape[1])
    match = match_tokens(query.tokens, tokens, counts)
    scores = {
        "vectors": ranking.dense[first] + ranking.sentence[first],
        "lexical": lexical[first],
        "mean": match.mean,
        "soft_min": match.soft_min,
    }
    mean_tokens = sum(counts) / len(counts)
    refined = second_stage(scores, ranking.fused[first], query.weights, mean_tokens)
    if ranking.recency is not None:  # the first stage's share of the score has its bonus already
        refined = refined + late_interaction_share(mean_tokens) * SECOND_STAGE_WEIGHT * ranking.recency[first]
    if ranking.preferred is not None:
        weight = late_interaction_share(mean_tokens) * document_preference.SECOND_STAGE_WEIGHT
        refined = refined + weight * ranking.preferred[first]
    fused, shortfall = ranking.fused.copy(), ranking.shortfall.copy()
    # The others follow below the lowest refined score, at the distances that they had from each other.
    fused[others] = fused[others] - fused[others[:1]] + refined.min() - 1
    fused[first], shortfall[first] = refined, match.shortfall
    order = np.append(first[np.lexsort((first, -refined))], others)
    return replace(ranking, order=order, shortfall=shortfall, fused=fused)
