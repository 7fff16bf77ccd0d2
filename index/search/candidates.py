"""Candidates of the embedded engine: the rows that a question is compared with, with their vectors and columns.

In a collection so small that all its rows are candidates of every question, they are cached: gathering vectors, tokens
and close pairs takes longer than scoring.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from wherefrom.index.arrays import Array, Mask, Matrix, Rows, Scores
from wherefrom.index.scoring.late_interaction import unpack
from wherefrom.index.scoring.near_duplicates import close_pairs
from wherefrom.index.segments.segment import Segment, concatenated_ranges
from wherefrom.index.segments.vector_index import cosines

MAX_CACHED_ROWS = 100
"""Number of rows of a collection up to which its candidates are cached, in a few MB at most."""
SegmentRows = tuple[Segment, Rows, Rows]
"""A segment, the positions of the candidates that are its rows, and their row numbers in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateVectors:
    """The vectors of some paragraphs and of all their sentences, by segment, with the positions of their cosines.

    Cosines of paragraphs come first, then those of sentences, grouped by paragraph; `sentence_starts` has the index of
    the first sentence of each paragraph, and `size` is the number of cosines.
    """

    vectors: Sequence[tuple[Matrix, Rows | slice]]
    sentence_starts: Rows
    size: int

    @classmethod
    def gather(cls, by_segment: Sequence[SegmentRows], paragraphs: int) -> Self:
        """Gather the vectors of `paragraphs` candidates."""
        sentences = [segment.sentence_units(rows) for segment, _, rows in by_segment]
        counts = np.empty(paragraphs, dtype=np.int64)
        for (_, positions, _), (_, segment_counts) in zip(by_segment, sentences, strict=True):
            counts[positions] = segment_counts
        ends = np.cumsum(counts) + paragraphs
        starts = ends - counts
        units = [
            np.concatenate([segment.unit_offsets[rows], sentence_units])
            for (segment, _, rows), (sentence_units, _) in zip(by_segment, sentences, strict=True)
        ]
        return cls(
            vectors=[
                (
                    segment.vectors.vectors[segment_units],
                    slice(None)
                    if len(by_segment) == 1
                    else np.append(positions, concatenated_ranges(starts[positions], counts[positions])),
                )
                for (segment, positions, _), segment_units in zip(by_segment, units, strict=True)
            ],
            sentence_starts=starts - paragraphs,
            size=int(ends[-1]) if paragraphs else 0,
        )

    def cosines(self, query: Matrix) -> Scores:
        """Return the cosine of each vector with a query vector; it does not depend on the other vectors."""
        values = np.empty(self.size, dtype=np.float64)
        for vectors, at in self.vectors:
            values[at] = cosines(vectors, query)
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateColumns:
    """The columns of some rows, which are ordered by document id and paragraph number; see `engine.Candidates`.

    `preceding` has the row of the paragraph before each; for the first paragraph of a document it is the row itself.
    """

    rows: Rows
    documents: Rows
    lengths: Rows
    preceding: Rows
    context_shares: Scores


class EmbeddedCandidates:
    """The candidates of a question, or of every question; see `engine.Candidates`."""

    def __init__(
        self,
        columns: CandidateColumns,
        vectors: CandidateVectors,
        *,
        paragraph_vectors: Callable[[Rows], Matrix],
        packed_tokens: Callable[[Rows], list[Array]],
        cached: bool,
    ) -> None:
        """Take functions that return the vectors and the packed tokens of rows, and whether to cache their results."""
        rows, documents = columns.rows, columns.documents
        self.rows = rows
        self.documents = documents
        self.lengths = columns.lengths
        self.preceding = columns.preceding
        self.context_shares = columns.context_shares
        self.sentence_starts = vectors.sentence_starts
        self._vectors = vectors
        self._paragraph_vectors = paragraph_vectors
        self._packed_tokens = packed_tokens
        self._cached_vectors = paragraph_vectors(rows) if cached else None
        self._close = None if self._cached_vectors is None else close_pairs(self._cached_vectors, documents)
        self._none_close = self._close is not None and not self._close.any()
        self._tokens: dict[int, list[Matrix]] | None = {} if cached else None

    def __len__(self) -> int:
        return len(self.rows)

    def cosines(self, query: Matrix) -> tuple[Scores, Scores, Scores]:
        """Return the cosines of the paragraphs, of each one's best sentence, and of all sentences."""
        cosines = self._vectors.cosines(query)
        paragraphs, sentences = cosines[: len(self)], cosines[len(self) :]
        best = np.maximum.reduceat(sentences, self.sentence_starts) if len(self) else paragraphs
        return paragraphs, best, sentences

    def tokens(self, positions: Rows, dimension: int) -> tuple[Matrix, list[int]]:
        """Return the token vectors at these positions, concatenated, and the number of tokens of each."""
        if self._tokens is None:
            packed = self._packed_tokens(self.rows[positions])
            return unpack(packed, dimension), [len(each) // dimension for each in packed]
        unpacked = self._tokens.get(dimension)
        if unpacked is None:
            unpacked = [unpack([each], dimension) for each in self._packed_tokens(self.rows)]
            self._tokens[dimension] = unpacked
        tokens = [unpacked[position] for position in positions.tolist()]
        return np.concatenate(tokens), [len(each) for each in tokens]

    def close_pairs(self, positions: Rows) -> Mask | None:
        """Return a symmetric mask, shape (n, n), of the pairs that may be near-duplicates; `None` if there are none."""
        if self._none_close:
            return None
        if self._close is None:
            close = close_pairs(self._paragraph_vectors(self.rows[positions]), self.documents[positions])
        else:
            close = self._close[np.ix_(positions, positions)]
        return close if close.any() else None

    def cosines_with(self, position: int, positions: Rows) -> Matrix:
        """Return the cosines of the paragraph at one position with those at others, shape (n,)."""
        if self._cached_vectors is not None:
            return cosines(self._cached_vectors[positions], self._cached_vectors[position])
        vectors = self._paragraph_vectors(self.rows[np.append(position, positions)])
        return cosines(vectors[1:], vectors[0])
