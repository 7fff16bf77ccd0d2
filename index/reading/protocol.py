"""The protocol of a reader, from a question and passages to one reading per passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wherefrom.index.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The scores of one passage for one question.

    `relevance` is higher for passages that answer the question better than others. `answers` is the log-odds that the
    passage answers it at all. `span` are the characters of the passage that answer best, and `span_score` the log-odds
    of this span against no answer.
    """

    relevance: float
    answers: float
    span_score: float
    span: Span


class Reader(Protocol):
    """Reads passages for a question."""

    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        """Return one reading per passage. It does not depend on the other passages; a long passage is cut."""
