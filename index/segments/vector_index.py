"""Vectors in FAISS: inner product of unit vectors, so a score is a cosine and higher is better.

FAISS names the rows that may be nearest; their scores are computed again from the vectors themselves, each in a way
that does not depend on the rows beside it. Up to MAX_FLAT_ROWS rows it is asked for more until what it names is certain to hold
the nearest; beyond that it looks into the lists of an inverted file that are near the question.
"""

from dataclasses import dataclass
from itertools import count as numbers
from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Mask, Matrix, Rows
from wherefrom.index.segments import ivf_index
from wherefrom.index.segments.columns import release
from wherefrom.index.segments.flat_index import FAISS_ROUNDING_ERROR, build_flat_index
from wherefrom.index.segments.ivf_index import IvfIndex

NO_ROW = -1

MAX_FLAT_ROWS = 100_000
"""Rows up to which every vector is compared: docs/decisions.md has the curve."""
EXTRA_CANDIDATES = 28
SEARCHES_BETWEEN_RELEASES = 48
"""Searches after which pages of a large mapped column are given back: scoring touches some 80 MB of them each time."""
MAX_EXHAUSTIVE_ROWS = 20_000
"""Rows that a selection may have for each of them to be scored, where the index would have to look far for few."""
REFERENCE_NPROBE, REFERENCE_NLIST = 128, 2048
"""Lists looked into of so many, which a million paragraphs and their sentences have; of fewer lists more are."""
MIN_SELECTED_SHARE, SHARE_EXPONENT = 0.02, 0.6
"""Where a share of the rows may be found, more lists are looked into: times its inverse to the power of SHARE_EXPONENT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Rows that may be found, as a bitmap that FAISS reads; `count` of them, a `share` of all of their kind."""

    bitmap: npt.NDArray[np.uint8]
    count: int
    share: float

    @classmethod
    def of(cls, mask: Mask, kind: int | None = None) -> Self:
        """Select the rows where the mask is true, of so many of their kind; of all rows where that is not given."""
        count = int(np.count_nonzero(mask))
        share = count / max(len(mask) if kind is None else kind, 1)
        return cls(bitmap=np.packbits(mask, bitorder="little"), count=count, share=share)

    def rows(self, most: int) -> Rows:
        """The rows selected, of `most` there can be."""
        chosen: Rows = np.flatnonzero(np.unpackbits(self.bitmap, count=most, bitorder="little"))
        return chosen


class VectorIndex:
    """Searches unit vectors of shape (rows, dimension), which may be memory-mapped. Never changed once built."""

    def __init__(self, index: "faiss.Index | IvfIndex", vectors: Matrix, error: float | None) -> None:
        """Take an index that names rows, and by how much its cosines can be wrong; null where it may miss rows."""
        self._index = index
        self.vectors = vectors
        self._error = error
        self._searches = numbers()

    @classmethod
    def build(cls, vectors: Matrix, folder: Path | None = None, together: Rows | None = None) -> Self:
        """Index unit vectors, in memory or, where there are many and a folder is given, in files of that folder.

        Rows that searches look for `together`, and without the others, are found faster for being named.
        """
        if len(vectors) <= MAX_FLAT_ROWS:
            return cls(*build_flat_index(vectors))
        named = np.empty(0, dtype=np.int64) if together is None else together
        if folder is None:
            return cls(IvfIndex.in_memory(vectors, named), vectors, None)
        ivf_index.write_shards(vectors, folder, named)
        return cls.load(vectors, folder)

    @classmethod
    def load(cls, vectors: Matrix, folder: Path) -> Self:
        """Read what `build` wrote of these vectors; few are indexed again, since that takes no time."""
        return (
            cls.build(vectors) if len(vectors) <= MAX_FLAT_ROWS else cls(IvfIndex.load(folder, vectors), vectors, None)
        )

    def __len__(self) -> int:
        return len(self.vectors)

    def nearest(self, query: Matrix, count: int, selection: Selection) -> tuple[Rows, Matrix]:
        """The rows selected that are nearest to one query vector, at least `count` where there are, and their cosines.

        In no order; where every vector is compared, every row that ties with the last of the `count` is among them.
        """
        if self._error is None and next(self._searches) % SEARCHES_BETWEEN_RELEASES == 0:
            release(self.vectors)
        if selection.count <= count or (self._error is None and selection.count <= MAX_EXHAUSTIVE_ROWS):
            rows = selection.rows(len(self))
            return rows, self.scores(query, rows)
        wanted = self._asked_for(count)
        while True:
            cosines, rows = self._search(query, min(wanted, selection.count), selection)
            exact = self.scores(query, rows)
            if self._error is None or wanted >= selection.count or cosines[-1] < _last_of(exact, count) - self._error:
                return rows, exact
            wanted *= 2

    def scores(self, query: Matrix, rows: Rows) -> Matrix:
        """The cosine of one query vector and each of the rows named, the same whichever rows are named with it."""
        return cosines(self.vectors[rows], query)

    def _search(self, query: Matrix, count: int, selection: Selection) -> tuple[Matrix, Rows]:
        selector = faiss.IDSelectorBitmap(selection.bitmap)  # type: ignore[call-arg,arg-type]
        if isinstance(self._index, IvfIndex):
            looked_into = nprobe(self._index.lists, selection.share)
            scores, rows = self._index.search(query, count, selector, looked_into)
        else:
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            (scores,), (rows,) = self._index.search(query.reshape(1, -1), count, params=parameters)
        found = rows != NO_ROW  # FAISS pads what it cannot fill with -1
        return scores[found], rows[found]

    def _asked_for(self, count: int) -> int:
        """How many rows FAISS names first, so that the `count` nearest are among them."""
        if self._error is None:
            return 3 * count // 2
        return count + EXTRA_CANDIDATES if self._error == FAISS_ROUNDING_ERROR else 3 * count


def nprobe(lists: int, share: float) -> int:
    """Lists looked into, of so many, where a share of the rows of a kind may be found."""
    return int(
        REFERENCE_NPROBE * max(REFERENCE_NLIST / lists, 1) ** 0.5 * max(share, MIN_SELECTED_SHARE) ** -SHARE_EXPONENT
    )


def cosines(vectors: Matrix, query: Matrix) -> Matrix:
    """The cosine of each vector with the query.

    Not `vectors @ query`: BLAS adds up in an order that depends on the shape, so that a row's last bits would depend on
    the rows beside it.
    """
    each: Matrix = np.einsum("ij,j->i", vectors, query)
    return each


def _last_of(scores: Matrix, count: int) -> float:
    """The `count`th highest of scores."""
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])
