"""The verdict of the check on a written sentence, and its input from a cited passage."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A reason why a sentence fails a check; `check` is one of CHECKS, `detail` describes the fault."""

    check: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The result of one of CHECKS; `detail` describes the fault, and is empty if the check passed.

    Only a passed citation check may have a detail: it says that the service found the passage, and not the writer.
    """

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceVerdict:
    """Whether a sentence may be shown, and each of its checks, in the order of CHECKS."""

    passed: bool
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPassage:
    """A cited passage with the metadata of its document that may support a fact.

    The title counts as one more sentence. The passage's statements may be attributed to the publisher. The publication
    date determines the year of dates in the passage.
    """

    text: str
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
