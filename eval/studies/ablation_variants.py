"""Variants of the ranking, each with some of its parts.

One list begins with single parts and adds further ones; the other leaves one part at a time out of the full ranking.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from wherefrom.eval.measurement.baselines import FUSION_DEPTH, RANK_CONSTANT
from wherefrom.eval.studies.candidate_scores import CandidateScores
from wherefrom.eval.studies.token_matching import PositionMatch, TokenKind
from wherefrom.index.arrays import Rows, Scores
from wherefrom.index.ranking.ranker import SECOND_STAGE_DEPTH
from wherefrom.index.scoring.fusion import (
    SecondStageWeights,
    add_context,
    context_share,
    fuse,
    late_interaction_share,
    second_stage,
    standardise,
)

FIXED_LATE_WEIGHT = 0.7
"""The weight of standardised late interaction before weights were learned; 0.7 and 1 did not differ on SQuAD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A variant: the scores that count, how tokens are compared, and the learned weights that are set to 0.

    `context` adds to a BM25 score a share of the preceding paragraph's. `tokens` is `None` for the first stage alone.
    `fixed_weight` adds late interaction to the first stage's score with a fixed weight instead of learned weights, and
    `rank_fusion` fuses ranks instead of scores.
    """

    dense: bool = True
    sentence: bool = True
    lexical: bool = True
    context: bool = True
    tokens: TokenKind | None = "head"
    left_out: tuple[str, ...] = ()
    fixed_weight: bool = False
    rank_fusion: bool = False


FULL = Variant()
FIRST_STAGE = Variant(tokens=None)
WITHOUT_CONTEXT = replace(FIRST_STAGE, context=False)
CUMULATIVE: Mapping[str, Variant] = {
    "BM25": replace(WITHOUT_CONTEXT, dense=False, sentence=False),
    "paragraph vectors": replace(WITHOUT_CONTEXT, sentence=False, lexical=False),
    "sentence vectors": replace(WITHOUT_CONTEXT, dense=False, lexical=False),
    "RRF of BM25 and paragraph vectors": replace(WITHOUT_CONTEXT, sentence=False, rank_fusion=True),
    "scores of all three, fused": WITHOUT_CONTEXT,
    "+ context BM25 (a share of the paragraph before)": FIRST_STAGE,
    "+ late interaction, whole tokens with equal weights": Variant(tokens="whole", fixed_weight=True),
    "+ the token head": Variant(fixed_weight=True),
    "+ learned weights: **the full ranking**": FULL,
}
LEAVE_ONE_OUT: Mapping[str, Variant] = {
    "paragraph vectors": Variant(dense=False),
    "sentence vectors": Variant(sentence=False),
    "both": Variant(dense=False, sentence=False),
    "BM25": Variant(lexical=False),
    "context BM25": Variant(context=False),
    "late interaction": FIRST_STAGE,
    "its token head": Variant(tokens="whole"),
    "its weights of the question's tokens": Variant(tokens="alike"),
    "its reading of the paragraph before": Variant(tokens="alone"),
    "its soft minimum": Variant(left_out=("soft_min",)),
    "learned weights": Variant(fixed_weight=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _VariantStage:
    """The first stage of a variant: the scores that the second stage uses, the fused score, and the order."""

    vectors: Scores
    lexical: Scores
    fused: Scores
    order: Rows

    @property
    def reranked(self) -> Rows:
        """Positions of the candidates that the second stage ranks again."""
        return self.order[:SECOND_STAGE_DEPTH]


def rank_variants(candidates: CandidateScores, variants: Iterable[Variant]) -> Mapping[Variant, Rows]:
    """Return for each variant the positions of the candidates, best first; ties keep their order, as in the engine.

    Tokens are compared once for all variants that compare them in the same way.
    """
    first_stages = {variant: _first_stage(candidates, variant) for variant in variants}
    wanted: dict[TokenKind, Rows] = {}
    for variant, first in first_stages.items():
        if variant.tokens is not None and len(first.order):
            wanted[variant.tokens] = np.union1d(wanted.get(variant.tokens, first.reranked), first.reranked)
    matches = {tokens: candidates.tokens.match(tokens, positions) for tokens, positions in wanted.items()}
    return {variant: _rerank(variant, first, matches) for variant, first in first_stages.items()}


def _first_stage(candidates: CandidateScores, variant: Variant) -> _VariantStage:
    vectors = variant.dense * candidates.dense + variant.sentence * candidates.sentence
    lexical = candidates.lexical if variant.lexical else np.zeros_like(candidates.lexical)
    if variant.lexical and variant.context:
        lexical = add_context(lexical, candidates.preceding, context_share(candidates.lengths))
    fused = fuse(vectors, lexical)
    order = _rank_fusion(candidates) if variant.rank_fusion else _best_first(fused)
    return _VariantStage(vectors=vectors, lexical=lexical, fused=fused, order=order)


def _rerank(variant: Variant, first: _VariantStage, matches: Mapping[TokenKind, PositionMatch]) -> Rows:
    """Return the first candidates in the order of the second stage, followed by the others in their order."""
    reranked = first.reranked
    if variant.tokens is None or not len(reranked):
        return first.order
    mean, soft_min, tokens = matches[variant.tokens].of(reranked)
    if variant.fixed_weight:
        refined = first.fused[reranked] + FIXED_LATE_WEIGHT * late_interaction_share(tokens) * standardise(mean)
    else:
        scores = {
            "vectors": first.vectors[reranked],
            "lexical": first.lexical[reranked],
            "mean": mean,
            "soft_min": soft_min,
        }
        weights = SecondStageWeights.load("plain" if variant.tokens == "whole" else "head")
        weights = replace(weights, **dict.fromkeys(variant.left_out, 0.0))
        refined = second_stage(scores, first.fused[reranked], weights, tokens)
    return np.append(reranked[np.lexsort((reranked, -refined))], first.order[SECOND_STAGE_DEPTH:])


def _rank_fusion(candidates: CandidateScores) -> Rows:
    """Fuse the ranks of BM25 and of paragraph vectors, as `wherefrom.eval.measurement.baselines` does."""
    scores = np.zeros(len(candidates.dense))
    by_bm25 = _best_first(candidates.lexical)
    for ranking in (by_bm25[candidates.lexical[by_bm25] > 0], _best_first(candidates.dense)):
        fused = ranking[:FUSION_DEPTH]
        scores[fused] += 1 / (RANK_CONSTANT + np.arange(1, len(fused) + 1))
    return _best_first(scores)


def _best_first(scores: Scores) -> Rows:
    order: Rows = np.argsort(-scores, kind="stable")
    return order
