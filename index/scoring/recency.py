"""Recency: a bonus for late publication dates, which halves with every half-life of age."""

from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Rows, Scores

UNDATED = 0
"""The ordinal of a document without a publication date."""
FIRST_STAGE_WEIGHT = 1.5
"""About one standard deviation of the first stage's scores over the candidates of a question."""
SECOND_STAGE_WEIGHT = 3.0
"""On the scale of the second stage, whose standard deviation over its 20 candidates is 1.8 to 3.2: the median distance
from the first candidate to the second is 2.5, to the tenth 6. So the newest date outweighs a somewhat better match, and
never a much better one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recency:
    """The parameters of recency: ages count from the day with the ordinal `newest`."""

    newest: int
    half_life_days: float

    def of(self, published: Rows) -> Scores:
        """Return 1 for the newest day or a later one, 0.5 at the age of one half-life and so on; 0 without a date."""
        ages = np.maximum(self.newest - published, 0)
        recency: Scores = np.where(published == UNDATED, 0.0, np.exp2(-ages / self.half_life_days))
        return recency
