"""A written answer: sentences that passed their check, each with its cited passages."""

from dataclasses import dataclass
from typing import Literal

from wherefrom.index.writing.verdicts import CheckResult
from wherefrom.index.writing.writers.protocol import WriterKind

WrittenStatus = Literal["written", "verbatim"]
"""Whether the answer consists of written sentences, or of the verbatim passages alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSentence:
    """A sentence that passed its check; `passages` are the ids of those that it cites.

    `checks` has the results of its checks if they were asked for.
    """

    text: str
    passages: tuple[str, ...]
    checks: tuple[CheckResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedSentence:
    """A sentence that failed its check, without its text, which is not shown."""

    passages: tuple[str, ...]
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterInfo:
    """The kind of a writer, its model, and the prompt with the SHA-256 of its file."""

    kind: WriterKind
    model: str
    prompt: str
    prompt_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAnswer:
    """A written answer; with the status "verbatim" it has no sentences, and a warning says why.

    `text` has the sentences with the ranks of their passages in brackets. `rejected` counts the sentences that failed
    their check; `rejections` has their checks if they were asked for.
    """

    status: WrittenStatus
    text: str
    sentences: tuple[WrittenSentence, ...]
    rejected: int
    rejections: tuple[RejectedSentence, ...] = ()
    writer: WriterInfo
