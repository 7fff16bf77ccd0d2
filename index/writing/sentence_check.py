"""The check of a written sentence against the passages that it cites. No language model takes part in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wherefrom.index.reading.protocol import Reader

CHECKS = ("citation", "numbers", "dates", "names", "quotations", "negation", "modality", "speaker", "entailment")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The result of one of CHECKS; `detail` says what is wrong, and is empty if it passed."""

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


class SentenceChecker:
    """Checks sentences against the passages that they cite. Thread-safe."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader = reader

    def check(self, sentence: str, cited: Sequence[str | CitedPassage], language: str | None = None) -> SentenceVerdict:
        """Return whether a sentence follows from the cited passages; `language` is their code, detected if `None`."""
        raise NotImplementedError
