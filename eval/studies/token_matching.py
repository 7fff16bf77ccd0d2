"""Late interaction between the tokens of a question and those of its candidates, in each variant that is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Rows, Scores
from wherefrom.index.scoring.late_interaction import Asked, Met, interaction, unpack

TokenVariant = Literal["head", "alike", "whole", "alone"]
"""What token vectors are compared, and with which weights:

- `head`: projected by the token head, each token of the question weighted by its importance, as the engine does
- `alike`: projected by the token head, all tokens of the question with equal weights
- `whole`: the model's own token vectors with equal weights, as for a model without a head
- `alone`: as `head`, but each paragraph is read without the one before it
"""
PackedTokens = Mapping[TokenVariant, Sequence[npt.NDArray[np.uint8]]]
"""By variant the packed token vectors of every row of the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMatches:
    """How well the candidates at `positions` match the question, and how many tokens each of them has."""

    positions: Rows
    met: Met
    counts: Rows

    def of(self, positions: Rows) -> tuple[Scores, Scores, float]:
        """Return the mean score, the soft minimum and the average number of tokens of the candidates at positions."""
        at = np.searchsorted(self.positions, positions)
        return self.met.mean[at], self.met.least[at], float(self.counts[at].mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMatcher:
    """The tokens of a question by variant, and those of its candidates; `rows` are the candidates' rows."""

    question: Mapping[TokenVariant, Asked]
    packed: PackedTokens
    rows: Rows

    def match(self, variant: TokenVariant, positions: Rows) -> TokenMatches:
        """Compare the question with the candidates at these positions, which must be in ascending order."""
        question = self.question[variant]
        packed = [self.packed[variant][row] for row in self.rows[positions].tolist()]
        dimension = question.tokens.shape[1]
        counts = [len(each) // dimension for each in packed]
        met = interaction(question, unpack(packed, dimension), counts)
        return TokenMatches(positions=positions, met=met, counts=np.array(counts, dtype=np.int64))
