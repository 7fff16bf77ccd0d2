"""Candidates: the rows that a question is compared with one by one, and what of them is the same for every question.

Of a collection so small that all of it is candidates, that is kept: gathering vectors, tokens and pairs that are close
takes longer than a question's own arithmetic.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from wherefrom.index.arrays import Array, Mask, Matrix, Rows, Scores
from wherefrom.index.scoring.late_interaction import unpack
from wherefrom.index.scoring.near_duplicates import near
from wherefrom.index.segments.segment import Segment, ranges
from wherefrom.index.segments.vector_index import cosines

FEW = 100
"""Rows of a collection up to which what is gathered of them is kept: at most some MB."""
Part = tuple[Segment, Rows, Rows]
"""A segment, the positions of those that are its rows, and which of its rows they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The vectors of some paragraphs and of all their sentences, by segment, with the places of their cosines.

    Paragraphs come first, then the sentences, those of a paragraph behind one another: `firsts` are their first ones.
    """

    vectors: Sequence[tuple[Matrix, Rows | slice]]
    firsts: Rows
    size: int

    @classmethod
    def of(cls, parts: Sequence[Part], paragraphs: int) -> Self:
        """Gather those of so many paragraphs."""
        said = [segment.sentence_units(rows) for segment, _, rows in parts]
        counts = np.empty(paragraphs, dtype=np.int64)
        for (_, at, _), (_, own) in zip(parts, said, strict=True):
            counts[at] = own
        ends = np.cumsum(counts) + paragraphs
        firsts = ends - counts
        units = [
            np.concatenate([segment.unit_offsets[rows], of])
            for (segment, _, rows), (of, _) in zip(parts, said, strict=True)
        ]
        return cls(
            vectors=[
                (
                    segment.vectors.vectors[each],
                    slice(None) if len(parts) == 1 else np.append(at, ranges(firsts[at], counts[at])),
                )
                for (segment, at, _), each in zip(parts, units, strict=True)
            ],
            firsts=firsts - paragraphs,
            size=int(ends[-1]) if paragraphs else 0,
        )

    def cosines(self, query: Matrix) -> Scores:
        """Their cosines with a query vector, each the same whatever the vectors beside it are."""
        each = np.empty(self.size, dtype=np.float64)
        for vectors, at in self.vectors:
            each[at] = cosines(vectors, query)
        return each


class Candidates:
    """Rows in the order of their places.

    `documents` are those that they stand in, `before` the rows of the paragraphs before them, `shares` what they get
    of the scores of those, and `firsts` where each one's sentences begin among those of all.
    """

    def __init__(
        self,
        rows: Rows,
        *,
        documents: Rows,
        before: Rows,
        shares: Scores,
        gathered: Gathered,
        vectors: Callable[[Rows], Matrix],
        packed: Callable[[Rows], list[Array]],
        kept: bool,
    ) -> None:
        """Take what gives the paragraph vectors and the packed tokens of rows, and whether to keep what they give."""
        self.rows = rows
        self.documents = documents
        self.before = before
        self.shares = shares
        self.firsts = gathered.firsts
        self._gathered = gathered
        self._vectors = vectors
        self._packed = packed
        self._close = near(vectors(rows), documents) if kept else None
        self._none_close = self._close is not None and not self._close.any()
        self._tokens: dict[int, list[Matrix]] | None = {} if kept else None

    def __len__(self) -> int:
        return len(self.rows)

    def cosines(self, query: Matrix) -> tuple[Scores, Scores, Scores]:
        """Those of the paragraphs with a query vector, of each one's nearest sentence, and of all sentences."""
        cosines = self._gathered.cosines(query)
        paragraphs, sentences = cosines[: len(self)], cosines[len(self) :]
        return paragraphs, np.maximum.reduceat(sentences, self.firsts) if len(self) else paragraphs, sentences

    def tokens(self, positions: Rows, dimension: int) -> tuple[Matrix, list[int]]:
        """The tokens of the candidates at these positions, one's behind the other's, and how many each has."""
        if self._tokens is None:
            packed = self._packed(self.rows[positions])
            return unpack(packed, dimension), [len(each) // dimension for each in packed]
        every = self._tokens.get(dimension)
        if every is None:
            every = self._tokens[dimension] = [unpack([each], dimension) for each in self._packed(self.rows)]
        tokens = [every[position] for position in positions.tolist()]
        return np.concatenate(tokens), [len(each) for each in tokens]

    def close(self, positions: Rows) -> Mask | None:
        """Which of those at these positions are `near` which; null where none is."""
        if self._none_close:
            return None
        if self._close is None:
            close = near(self._vectors(self.rows[positions]), self.documents[positions])
        else:
            close = self._close[np.ix_(positions, positions)]
        return close if close.any() else None
