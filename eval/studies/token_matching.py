"""How the tokens of a question are met by its candidates, in each of the ways that are compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Rows, Scores
from wherefrom.index.scoring.late_interaction import Asked, Met, interaction, unpack

Tokens = Literal["head", "alike", "whole", "alone"]
Packed = Mapping[Tokens, Sequence[npt.NDArray[np.uint8]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The tokens of a question and of its candidates, for whoever ranks some of them again."""

    asked: Mapping[Tokens, Asked]
    packed: Packed
    rows: Rows

    def meet(self, tokens: Tokens, positions: Rows) -> "Meeting":
        """Read the candidates at these positions, which are in order."""
        asked = self.asked[tokens]
        packed = [self.packed[tokens][row] for row in self.rows[positions].tolist()]
        dimension = asked.tokens.shape[1]
        counts = [len(each) // dimension for each in packed]
        met = interaction(asked, unpack(packed, dimension), counts)
        return Meeting(positions=positions, met=met, counts=np.array(counts, dtype=np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """How well the candidates at some positions meet the question, and how many tokens each has."""

    positions: Rows
    met: Met
    counts: Rows

    def of(self, positions: Rows) -> tuple[Scores, Scores, float]:
        """For some of them, on the mean and at the token met least, and their mean number of tokens."""
        at = np.searchsorted(self.positions, positions)
        return self.met.mean[at], self.met.least[at], float(self.counts[at].mean())
