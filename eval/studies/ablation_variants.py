"""Rankings made of some of the engine's parts: first each part alone and added up, then the whole without each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from wherefrom.eval.measurement.baselines import FUSED, RANK_CONSTANT
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

BY_HAND = 0.7
"""What late interaction counted, standardised, before there were learned weights: SQuAD could not tell 0.7 from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Which scores count, how tokens are met (null: by the first stage alone), and the learned weights left out.

    `by_hand` adds late interaction to the first stage's score in place of the learned weights; `by_rank` fuses places.
    """

    dense: bool = True
    sentence: bool = True
    lexical: bool = True
    leaning: bool = True
    tokens: TokenKind | None = "head"
    left_out: tuple[str, ...] = ()
    by_hand: bool = False
    by_rank: bool = False


WHOLE = Recipe()
FIRST_STAGE = Recipe(tokens=None)
UNLEANING = replace(FIRST_STAGE, leaning=False)
BUILT_UP: Mapping[str, Recipe] = {
    "BM25": replace(UNLEANING, dense=False, sentence=False),
    "paragraph vectors": replace(UNLEANING, sentence=False, lexical=False),
    "sentence vectors": replace(UNLEANING, dense=False, lexical=False),
    "RRF of BM25 and paragraph vectors": replace(UNLEANING, sentence=False, by_rank=True),
    "scores of all three, fused": UNLEANING,
    "+ leaning on the paragraph before": FIRST_STAGE,
    "+ late interaction, tokens whole and alike": Recipe(tokens="whole", by_hand=True),
    "+ the token head": Recipe(by_hand=True),
    "+ learned weights: **the whole**": WHOLE,
}
TAKEN_OUT: Mapping[str, Recipe] = {
    "paragraph vectors": Recipe(dense=False),
    "sentence vectors": Recipe(sentence=False),
    "both": Recipe(dense=False, sentence=False),
    "BM25": Recipe(lexical=False),
    "leaning on the paragraph before": Recipe(leaning=False),
    "late interaction": FIRST_STAGE,
    "of it the token head": Recipe(tokens="whole"),
    "of it how much each token matters": Recipe(tokens="alike"),
    "of it the paragraph before, read along": Recipe(tokens="alone"),
    "of it the token met soft_min": Recipe(left_out=("soft_min",)),
    "learned weights": Recipe(by_hand=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _First:
    """What the first stage of a recipe gives: its scores, those that the second stage takes up, and its order."""

    vectors: Scores
    lexical: Scores
    fused: Scores
    order: Rows

    @property
    def again(self) -> Rows:
        """The candidates that are ranked again."""
        return self.order[:SECOND_STAGE_DEPTH]


def orders(evidence: CandidateScores, recipes: Iterable[Recipe]) -> Mapping[Recipe, Rows]:
    """By recipe the positions of the candidates, best first; ties go to the first by place, as they do in the engine.

    TokenKind are met once for all recipes that want them met in the same way.
    """
    first = {recipe: _first(evidence, recipe) for recipe in recipes}
    wanted: dict[TokenKind, Rows] = {}
    for recipe, stage in first.items():
        if recipe.tokens is not None and len(stage.order):
            wanted[recipe.tokens] = np.union1d(wanted.get(recipe.tokens, stage.again), stage.again)
    met = {tokens: evidence.tokens.match(tokens, positions) for tokens, positions in wanted.items()}
    return {recipe: _again(recipe, stage, met) for recipe, stage in first.items()}


def _first(evidence: CandidateScores, recipe: Recipe) -> _First:
    vectors = recipe.dense * evidence.dense + recipe.sentence * evidence.sentence
    lexical = evidence.lexical if recipe.lexical else np.zeros_like(evidence.lexical)
    if recipe.lexical and recipe.leaning:
        lexical = add_context(lexical, evidence.preceding, context_share(evidence.lengths))
    fused = fuse(vectors, lexical)
    best = _by_rank(evidence) if recipe.by_rank else _best_first(fused)
    return _First(vectors=vectors, lexical=lexical, fused=fused, order=best)


def _again(recipe: Recipe, first: _First, met: Mapping[TokenKind, PositionMatch]) -> Rows:
    """The first candidates in the order of the second stage, then the others as they were."""
    again = first.again
    if recipe.tokens is None or not len(again):
        return first.order
    mean, soft_min, tokens = met[recipe.tokens].of(again)
    if recipe.by_hand:
        refined = first.fused[again] + BY_HAND * late_interaction_share(tokens) * standardise(mean)
    else:
        scores = {"vectors": first.vectors[again], "lexical": first.lexical[again], "mean": mean, "soft_min": soft_min}
        weights = SecondStageWeights.load("plain" if recipe.tokens == "whole" else "head")
        weights = replace(weights, **dict.fromkeys(recipe.left_out, 0.0))
        refined = second_stage(scores, first.fused[again], weights, tokens)
    return np.append(again[np.lexsort((again, -refined))], first.order[SECOND_STAGE_DEPTH:])


def _by_rank(evidence: CandidateScores) -> Rows:
    """Reciprocal rank fusion of what BM25 and paragraph vectors find first, as `wherefrom.eval.measurement.baselines` has it."""
    scores = np.zeros(len(evidence.dense))
    said = _best_first(evidence.lexical)
    for found in (said[evidence.lexical[said] > 0], _best_first(evidence.dense)):
        scores[found[:FUSED]] += 1 / (RANK_CONSTANT + np.arange(1, len(found[:FUSED]) + 1))
    return _best_first(scores)


def _best_first(scores: Scores) -> Rows:
    best: Rows = np.argsort(-scores, kind="stable")
    return best
