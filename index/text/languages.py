"""Languages with their stop words and, where PyStemmer has one, their stemmer, from `languages.toml`.

English is not among them: its stop words and stemmer are in `analyzer`, and an English collection needs no others.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from wherefrom.index.text.analyzer import runs

if TYPE_CHECKING:
    import Stemmer

DATA = "languages.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language: its stop words in the form of `analyzer.runs`, and its stemmer, `None` if there is none."""

    stop_words: frozenset[str]
    stemmer: "Stemmer.Stemmer | None"

    def stem(self, word: str) -> str:
        """Return the stem of a word; the word itself if there is no stemmer."""
        return word if self.stemmer is None else self.stemmer.stemWord(word)


@cache
def languages() -> Mapping[str, Language]:
    """Return all languages by code."""
    import Stemmer  # noqa: PLC0415

    loaded = {}
    for code, entry in tomllib.loads((files(__package__) / DATA).read_text(encoding="utf-8")).items():
        name = entry.get("stemmer")
        loaded[code] = Language(
            stop_words=frozenset(run for word in entry["stop_words"].split() for run in runs(word)),
            stemmer=Stemmer.Stemmer(name) if name else None,
        )
    return loaded
