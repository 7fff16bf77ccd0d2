"""The results of reading a file: its articles, rejections, and notes on omissions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from wherefrom.index.errors import SourceRejected
from wherefrom.index.types import RawSource

MAX_LISTED = 20
MAX_NAME_CHARACTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote:
    """A note on a file that does not concern a single article, such as pictures that are not read."""

    source: str
    text: str


class SourceCutShort(SourceRejected):
    """The rest of a file cannot be read; the articles before it are kept."""


ReadResult = RawSource | SourceRejected | SourceNote


def listed(counts: Counter[str]) -> str:
    """Return the most frequent names with their counts, such as "keywords (438), image/png (2)"."""
    ordered = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
    names = [f"{_shortened(name)} ({count:,})" for name, count in ordered[:MAX_LISTED]]
    further = len(ordered) - MAX_LISTED
    return ", ".join([*names, f"{further:,} more"] if further > 0 else names)


def articles_of(results: Iterable[ReadResult]) -> list[RawSource]:
    """Return the articles among the results of reading a file."""
    return [result for result in results if isinstance(result, RawSource)]


def _shortened(name: str) -> str:
    visible = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    return visible if len(visible) <= MAX_NAME_CHARACTERS else visible[:MAX_NAME_CHARACTERS] + "…"
