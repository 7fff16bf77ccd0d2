"""What a check says of a written sentence, and what it reads of a cited passage."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One reason why a sentence fails a check; `check` is one of CHECKS, `detail` says what is wrong."""

    check: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The result of one of CHECKS; `detail` says what is wrong, and is empty if it passed.

    Only a passed citation may have one: it says that the service found the passage, and not the writer.
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
    """A cited passage with the metadata of its document that may support a fact too.

    The title is read as one more sentence. The publisher may be who reports what the passage states. The date of
    publication gives a day of the passage its year.
    """

    text: str
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
