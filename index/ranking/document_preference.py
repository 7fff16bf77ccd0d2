"""Preferred documents: a bonus for their paragraphs, like the bonus of recency for late dates."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Rows, Scores

FIRST_STAGE_WEIGHT = 1.0
SECOND_STAGE_WEIGHT = 2.0
"""Two thirds of recency's weight. On the development half of the follow-ups, hit@1 was the same with up to three times
this weight; with the lower one, a paragraph of another document can still be first if it answers better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPreference:
    """The ids of the preferred documents, and the function that returns the document id of a row."""

    documents: frozenset[str]
    document_id: Callable[[int], str]

    def of(self, rows: Rows) -> Scores:
        """Return 1 for each row of a preferred document, 0 for others."""
        preferred: Scores = np.array([self.document_id(row) in self.documents for row in rows.tolist()], dtype=float)
        return preferred
