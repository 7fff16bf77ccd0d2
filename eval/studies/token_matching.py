"""Late interaction between the tokens of a question and of its candidates, for each kind of token vectors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from wherefrom.index.arrays import Matrix, Rows, Scores
from wherefrom.index.scoring.late_interaction import QueryTokens, TokenMatch, match_tokens

TokenKind = Literal["head", "alike", "whole", "alone"]
CandidateTokens = Callable[[Rows, int], tuple[Matrix, list[int]]]
"""Returns the token vectors of the candidates at some positions, and their numbers of tokens: `Candidates.tokens`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMatcher:
    """The tokens of one question and of its candidates, by kind."""

    query: Mapping[TokenKind, QueryTokens]
    candidates: Mapping[TokenKind, CandidateTokens]

    def match(self, kind: TokenKind, positions: Rows) -> "PositionMatch":
        """Match the candidates at these positions, which must ascend."""
        query = self.query[kind]
        tokens, counts = self.candidates[kind](positions, query.tokens.shape[1])
        match = match_tokens(query, tokens, counts)
        return PositionMatch(positions=positions, match=match, counts=np.array(counts, dtype=np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionMatch:
    """The match of the candidates at some positions with the question, and their numbers of tokens."""

    positions: Rows
    match: TokenMatch
    counts: Rows

    def of(self, positions: Rows) -> tuple[Scores, Scores, float]:
        """Return for some of the positions `mean`, `soft_min`, and the mean number of tokens."""
        at = np.searchsorted(self.positions, positions)
        return self.match.mean[at], self.match.soft_min[at], float(self.counts[at].mean())
