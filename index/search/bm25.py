"""BM25 over the terms of each row, with statistics of the live rows only.

The formula is Lucene's, with every row longer by CONTEXT_TERMS. Document frequencies, lengths and the number of rows
are counted over live rows, so that a score does not depend on what was removed. A row's score is summed in the order of
the question's terms, so that it does not depend on the other rows either.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Array, Mask
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.engine import Term
from wherefrom.index.segments.postings import Postings

K1 = 0.9
B = 0.9
"""Term saturation and length normalisation, chosen on outside collections (docs/tuning-diary.md). After a change, fit
the second stage and the calibration again (`eval/training/`): both were fitted to these scores. Then run `make study`.
"""
CONTEXT_TERMS = 25
"""Terms added to the length of each row, for the document around it: since a short paragraph is part of a longer text,
its length says little about its weight. The equivalent B of Lucene's formula without these terms is 0.40 for rows of 20
terms on average, as in news, 0.69 for SQuAD's 82 and 0.77 for SciFact's 151."""
LESSER_WEIGHT = np.float32(0.5)
"""Weight of a guessed spelling, or of a name of a follow-up's context; a term of the question has the weight 1."""
CACHED_TERMS = 10_000
CACHED_ROWS = 200
"""Number of rows of a term up to which its scores are cached, in at most 25 MB."""

Floats = npt.NDArray[np.float32]
TermScores = tuple[Array | slice, Floats]
"""Rows, and the score of a term in each."""
SegmentPostings = tuple[Array, Array, int]
"""Rows of a segment that have a term, the frequency in each, and the segment's first row. Either all frequencies are 0
or none is: rows with the frequency 0 count for the document frequency alone (`index.text.language_terms`)."""


class Bm25Index:
    """BM25 over the rows of several segments, which are numbered one segment after another. Immutable."""

    def __init__(
        self, postings: Sequence[Postings], starts: Sequence[int], lengths: Array, live_rows: Mask | None
    ) -> None:
        """Create the index from each segment's postings and first row, and the number of terms of every row.

        `live_rows` is the mask of live rows, `None` if all are.
        """
        self._postings = tuple(zip(postings, starts, strict=True))
        self._live_rows = live_rows
        self._size = len(lengths)
        live_lengths = lengths if live_rows is None else lengths[live_rows]
        self._live_count = len(live_lengths)
        self._prefixes: BoundedCache[str, bool] = BoundedCache(CACHED_TERMS)
        average = average_length(int(live_lengths.sum(dtype=np.int64)), self._live_count)
        self._idfs: BoundedCache[Term, float] = BoundedCache(CACHED_TERMS)
        self._rows_of: BoundedCache[Term, Sequence[SegmentPostings]] = BoundedCache(CACHED_TERMS)
        self._term_scores: BoundedCache[Term, Sequence[TermScores]] = BoundedCache(CACHED_TERMS)
        self._highest_idf = self._idf(0)
        self._norms = length_norms(lengths, average)

    def scores(self, terms: Sequence[Term], lesser: Sequence[Term] = ()) -> Floats:
        """Return the score of every row, shape (rows,); 0 for deleted rows and rows without any of the terms.

        A term of `lesser` counts LESSER_WEIGHT of one of `terms`.
        """
        scores = np.zeros(self._size, dtype=np.float32)
        for term in terms:
            for rows, added in self._scores_of(term):
                scores[rows] += added
        for term in lesser:
            for rows, added in self._scores_of(term):
                scores[rows] += LESSER_WEIGHT * added
        return scores

    def has(self, term: Term) -> bool:
        """Return whether a live row has a term."""
        return self.idf(term) < self._highest_idf

    def rows_of(self, term: Term) -> Sequence[Array]:
        """Return for each segment the live rows that have a term, as ascending row numbers of the segment."""
        variants = (term,) if isinstance(term, str) else term
        by_segment = []
        for postings, start in self._postings:
            rows = np.unique(np.concatenate([postings.of(variant)[0] for variant in variants]))
            by_segment.append(rows if self._live_rows is None else rows[self._live_rows[rows + start]])
        return by_segment

    def idf(self, term: Term) -> float:
        """Return the inverse document frequency of a term over the live rows; the highest for an unknown term."""
        return self._idfs.get_or_compute(
            term, lambda: self._idf(sum(len(self._live(*postings)[0]) for postings in self._postings_of(term)))
        )

    def has_prefix(self, prefix: str) -> bool:
        """Return whether a live row has a term with this prefix."""
        return self._prefixes.get_or_compute(prefix, lambda: any(self._live_with_prefix(prefix)))

    def occurs_between(self, term: Term, firsts: Array, ends: Array) -> Mask:
        """Return for each range of rows, from `firsts` to before `ends`, whether any of its rows has a term."""
        found = np.zeros(len(firsts), dtype=np.bool_)
        for rows, counts, start in self._postings_of(term):
            if counts[0]:
                # in the type of the postings, which would be copied otherwise
                low, high = (firsts - start).astype(rows.dtype), (ends - start).astype(rows.dtype)
                found |= np.searchsorted(rows, low) < np.searchsorted(rows, high)
        return found

    def term_weights(self, terms: Collection[Term]) -> dict[str, float]:
        """Return the share of each distinct term in the sum of their inverse document frequencies, by variant."""
        return shares_of_idf({term: self.idf(term) for term in sorted(set(terms))})

    def _scores_of(self, term: Term) -> Sequence[TermScores]:
        """Return the live rows of a term and its score in each; cached for terms of few rows."""
        scores = self._term_scores.get(term)
        if scores is None:
            counted = [self._live(*postings) for postings in self._postings_of(term) if postings[1][0]]
            postings = [(rows, counts.astype(np.float32)) for rows, counts in counted if len(rows)]
            idf = np.float32(self.idf(term))
            scores = [(rows, idf * saturated(counts, self._norms[rows])) for rows, counts in postings]
            if self._size <= CACHED_ROWS:  # adding to every row takes a quarter of the time of adding to some
                scores = [(slice(None), self._dense(scores))]
            if sum(len(rows) for rows, _ in postings) <= CACHED_ROWS:
                self._term_scores.put(term, scores)
        return scores

    def _dense(self, scores: Sequence[TermScores]) -> Floats:
        """Return the score of a term in every row, shape (rows,)."""
        dense = np.zeros(self._size, dtype=np.float32)
        for rows, added in scores:
            dense[rows] = added
        return dense

    def _postings_of(self, term: Term) -> Sequence[SegmentPostings]:
        """Return the postings of a term in each segment, or of each of its variants, without empty ones."""
        variants = (term,) if isinstance(term, str) else term
        return self._rows_of.get_or_compute(
            term,
            lambda: tuple(
                (rows, counts, start)
                for postings, start in self._postings
                for rows, counts in map(postings.of, variants)
                if len(rows)
            ),
        )

    def _live(self, segment_rows: Array, counts: Array, start: int) -> tuple[Array, Array]:
        """Return the live rows of postings, numbered over all segments, and the frequency in each."""
        rows = segment_rows + start if start else segment_rows
        if self._live_rows is None:
            return rows, counts
        live = self._live_rows[rows]
        return rows[live], counts[live]

    def _live_with_prefix(self, prefix: str) -> Iterator[bool]:
        """Yield for each term with a prefix whether a live row has it."""
        for postings, start in self._postings:
            yield from (self._any_live(rows, start) for rows in postings.with_prefix(prefix))

    def _any_live(self, rows: Array, start: int) -> bool:
        return self._live_rows is None or bool(self._live_rows[rows + start].any())

    def _idf(self, document_frequency: int) -> float:
        return inverse_document_frequency(document_frequency, self._live_count)


def inverse_document_frequency(document_frequency: int, rows: int) -> float:
    """Return the inverse document frequency of a term that `document_frequency` of `rows` live rows have."""
    return math.log(1 + (rows - document_frequency + 0.5) / (document_frequency + 0.5))


def average_length(terms: int, rows: int) -> float:
    """Return the average length of `rows` rows with `terms` terms in total, plus CONTEXT_TERMS."""
    return terms / max(rows, 1) + CONTEXT_TERMS


def length_norms(lengths: Array, average: float) -> Floats:
    """Return the length normalisation of each row, shape (rows,); `average` is the result of `average_length`."""
    norms: Floats = (K1 * (1 - B + B * (lengths + CONTEXT_TERMS) / average)).astype(np.float32)
    return norms


def saturated(counts: Floats, norms: Floats) -> Floats:
    """Return the saturated frequencies of a term in rows with these length normalisations, from 0 up to 1."""
    weights: Floats = counts / (counts + norms)
    return weights


def shares_of_idf(idfs: Mapping[Term, float]) -> dict[str, float]:
    """Return the share of each term in the sum of inverse document frequencies, by variant."""
    total = sum(idfs.values())
    weights: dict[str, float] = {}
    for term, idf in idfs.items():
        for variant in (term,) if isinstance(term, str) else term:
            weights[variant] = weights.get(variant, 0.0) + idf / total
    return weights
