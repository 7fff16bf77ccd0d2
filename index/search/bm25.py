"""Lexical search: BM25 over the terms of each row, weighed by what is live when it is asked.

The formula is Lucene's, with every row longer by AROUND. What it counts, the rows, their lengths and how many of them
say a term, is counted over live rows only, so that a score is the same whatever was there before. A row's score is
summed in the order of the question's terms, so that it does not depend on the rows beside it either.
"""

import math
from collections.abc import Collection, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Array
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.segments.postings import Postings

K1 = 0.9
B = 0.9
AROUND = 25
"""Terms that each row counts beyond its own, for the document around it: a short paragraph is a piece of a text, and
its length says less of how much it is about. With Lucene's formula as it stands, B would be 0.40 where rows have 20
terms on average, as in news, 0.69 at SQuAD's 82 and 0.77 at SciFact's 151."""
TERMS_KEPT = 10_000
FEW = 200
"""Rows that say a term up to which its scores are kept too, in 25 MB at most."""

Weights = npt.NDArray[np.float32]
Weighed = tuple[Array | slice, Weights]


class Lexicon:
    """BM25 over the rows of several segments. Never changed once made."""

    def __init__(self, parts: Sequence[Postings], starts: Sequence[int], lengths: Array, alive: Array | None) -> None:
        """Take each segment's postings and first row, and of all rows the numbers of terms and which are alive."""
        self._parts = tuple(zip(parts, starts, strict=True))
        self._alive = alive
        self._size = len(lengths)
        living = lengths if alive is None else lengths[alive]
        self._rows = len(living)
        self._said: BoundedCache[str, bool] = BoundedCache(TERMS_KEPT)
        average = int(living.sum(dtype=np.int64)) / max(self._rows, 1) + AROUND
        self._rarities: BoundedCache[str, float] = BoundedCache(TERMS_KEPT)
        self._found: BoundedCache[str, tuple[tuple[Array, Array], ...]] = BoundedCache(TERMS_KEPT)
        self._scored: BoundedCache[str, Sequence[Weighed]] = BoundedCache(TERMS_KEPT)
        self._norms = (K1 * (1 - B + B * (lengths + AROUND) / average)).astype(np.float32)

    def scores(self, query: Sequence[str]) -> Weights:
        """The BM25 score of every row for a question's terms; 0 where none of them occurs, and for dead rows."""
        scores = np.zeros(self._size, dtype=np.float32)
        for term in query:
            for rows, weights in self._weighed(term):
                scores[rows] += weights
        return scores

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term over the live rows, as BM25 weighs it; most for one never said."""
        return self._rarities.get_or_compute(
            term, lambda: self._rarity(sum(len(rows) for rows, _ in self._postings(term)))
        )

    def says(self, beginning: str) -> bool:
        """Whether a live row says a term that begins so."""
        return self._said.get_or_compute(beginning, lambda: any(self._beginning(beginning)))

    def weigh(self, query: Collection[str]) -> dict[str, float]:
        """The share of each distinct term in the question's whole rarity; the shares sum to 1."""
        rarities = {term: self.rarity(term) for term in sorted(set(query))}
        whole = sum(rarities.values())
        return {term: rarity / whole for term, rarity in rarities.items()}

    def _weighed(self, term: str) -> Sequence[Weighed]:
        """The live rows that say a term, and what it adds to the score of each; kept where they are few."""
        weighed = self._scored.get(term)
        if weighed is None:
            found = list(self._postings(term))
            occurs_in = sum(len(rows) for rows, _ in found)
            rarity = np.float32(self._rarity(occurs_in))
            weighed = [(rows, rarity * (counts / (counts + self._norms[rows]))) for rows, counts in found]
            if self._size <= FEW:  # adding to every row takes a quarter of the time that naming rows does
                weighed = [(slice(None), self._spread(weighed))]
            if occurs_in <= FEW:
                self._scored.put(term, weighed)
        return weighed

    def _spread(self, weighed: Sequence[Weighed]) -> Weights:
        """What a term adds to the score of every row."""
        every = np.zeros(self._size, dtype=np.float32)
        for rows, weights in weighed:
            every[rows] = weights
        return every

    def _postings(self, term: str) -> Iterator[tuple[Array, Weights]]:
        """The live rows that say a term, and how often, a segment at a time."""
        found = self._found.get_or_compute(term, lambda: tuple(postings.of(term) for postings, _ in self._parts))
        for (within, often), (_, start) in zip(found, self._parts, strict=True):
            rows, counts = (within + start if start else within), often
            if self._alive is not None and len(rows):
                living = self._alive[rows]
                rows, counts = rows[living], counts[living]
            if len(rows):
                yield rows, counts.astype(np.float32)

    def _beginning(self, letters: str) -> Iterator[bool]:
        """For each term that begins so, whether a live row of a segment says it."""
        for postings, start in self._parts:
            yield from (self._lives(rows, start) for rows in postings.beginning(letters))

    def _lives(self, rows: Array, start: int) -> bool:
        return self._alive is None or bool(self._alive[rows + start].any())

    def _rarity(self, occurs_in: int) -> float:
        return math.log(1 + (self._rows - occurs_in + 0.5) / (occurs_in + 0.5))
