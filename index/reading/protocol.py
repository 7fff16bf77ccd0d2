"""The seam to the reader: a question and passages in, what was read in each of them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wherefrom.index.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the reader finds in one passage for one question.

    `relevance` is higher for passages that answer the question better than others. `answers` is the log-odds that the
    passage answers it at all. `span` are the characters of the passage that answer best, and `span_score` the log-odds
    of these against none.
    """

    relevance: float
    answers: float
    span_score: float
    span: Span


class Reader(Protocol):
    """Reads passages for a question."""

    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        """Return one reading per passage. It does not depend on the other passages; a long passage is cut."""
