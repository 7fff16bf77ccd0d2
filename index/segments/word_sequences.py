"""The words of each paragraph in order, as 64-bit hashes: searches for phrases are exact except for equal hashes.

Of a million different words, the probability that any two share a hash is 3 in 100 million.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Array, Rows
from wherefrom.index.segments.columns import ColumnFactory

HASH_BYTES = 8
BUFFERED_WORDS = 200_000
CACHED_HASHES = 1_000_000
GATHERING_COST = 20
"""Cost of reading a word of selected rows relative to reading words in order: about 10, and 20 with a cold cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSequences:
    """The words of row `i` are `hashes[offsets[i]:offsets[i + 1]]`."""

    hashes: Array
    offsets: Array

    def rows_with(self, phrase: Sequence[str], among: Rows | None) -> Rows:
        """Return the rows, ascending, that hold the words of a phrase one after another.

        If `among` is given, it must include all rows with the phrase, so that other rows need not be searched.
        """
        wanted = np.array([word_hash(word) for word in phrase], dtype=np.uint64)
        if among is None or len(among) * GATHERING_COST > len(self.offsets):
            among = None
            hashes, ends = self.hashes, self.offsets[1:]
        else:
            counts = self.offsets[among + 1] - self.offsets[among]
            ends = np.cumsum(counts)
            hashes = self.hashes[np.repeat(self.offsets[among] - (ends - counts), counts) + np.arange(counts.sum())]
        places = np.flatnonzero(hashes[: max(len(hashes) - len(wanted) + 1, 0)] == wanted[0])
        for position, word in enumerate(wanted[1:], 1):
            places = places[hashes[places + position] == word]
        found = np.searchsorted(ends, places, side="right")
        found = np.unique(found[places + len(wanted) <= ends[found]])
        rows: Rows = found if among is None else among[found]
        return rows


class WordColumn:
    """Sequences under construction, in the columns `words` and `word_offsets`."""

    def __init__(self, columns: ColumnFactory) -> None:
        self._hashes = columns("words", "<u8")
        self._offsets = columns("word_offsets", "<i8")
        self._offsets.append([0])
        self._buffer: list[int] = []
        self._ends: list[int] = []
        self._end = 0
        self._known: dict[str, int] = {}

    def append(self, words: Sequence[str]) -> None:
        """Append the words of a row."""
        known = self._known
        self._buffer += [known.get(word) or self._hash(word) for word in words]
        self._end += len(words)
        self._ends.append(self._end)
        if len(self._buffer) > BUFFERED_WORDS:
            self._flush()

    def finish(self) -> WordSequences:
        """Return all sequences; nothing can be appended afterwards."""
        self._flush()
        return WordSequences(hashes=self._hashes.finish(), offsets=self._offsets.finish())

    def _hash(self, word: str) -> int:
        hashed = word_hash(word)
        if len(self._known) < CACHED_HASHES:
            self._known[word] = hashed
        return hashed

    def _flush(self) -> None:
        self._hashes.append(np.array(self._buffer, dtype=np.uint64))
        self._offsets.append(self._ends)
        self._buffer.clear()
        self._ends.clear()


def word_hash(word: str) -> int:
    """Return a 64-bit hash of a word."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=HASH_BYTES).digest(), "little")
