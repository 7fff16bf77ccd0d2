"""Vectors in FAISS: inner product of unit vectors, so a score is a cosine and higher is better.

FAISS names the rows that may be nearest; their scores are computed again from the vectors themselves, each in a way
that does not depend on the rows beside it. Up to FLAT rows what it names is certain to hold the nearest; beyond that
it looks into the lists of an inverted file that are near the question.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt

from index import inverted
from index.embedder import Matrix

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
NO_ROW = -1

FLAT = 150_000
"""Rows up to which every vector is compared: docs/decisions.md has the curve."""
ROUNDING = 1e-5
"""More than a cosine of FAISS can differ from the one computed again."""
SPARE = 28
NARROW = 20_000
"""Rows that a selection may have for each of them to be scored, where the index would have to look far for few."""
PROBES = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Rows that may be found, as a bitmap that FAISS reads; `count` of them."""

    bitmap: npt.NDArray[np.uint8]
    count: int

    @classmethod
    def of(cls, mask: Mask) -> Self:
        """Select the rows where the mask is true."""
        return cls(bitmap=np.packbits(mask, bitorder="little"), count=int(np.count_nonzero(mask)))

    def rows(self, most: int) -> Rows:
        """The rows selected, of `most` there can be."""
        chosen: Rows = np.flatnonzero(np.unpackbits(self.bitmap, count=most, bitorder="little"))
        return chosen


class VectorIndex:
    """Searches unit vectors of shape (rows, dimension), which may be memory-mapped. Never changed once built."""

    def __init__(self, index: "faiss.Index", vectors: Matrix) -> None:
        self._index = index
        self.vectors = vectors
        self._certain = isinstance(index, faiss.IndexFlat)

    @classmethod
    def build(cls, vectors: Matrix, folder: Path | None = None) -> Self:
        """Index unit vectors, in memory or, where there are many and a folder is given, in files of that folder."""
        if len(vectors) > FLAT and folder is not None:
            inverted.make(vectors, folder)
            return cls(inverted.load(folder, vectors), vectors)
        if len(vectors) > FLAT:
            return cls(inverted.in_memory(vectors), vectors)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index, vectors)

    @classmethod
    def load(cls, vectors: Matrix, folder: Path) -> Self:
        """Read what `build` wrote of these vectors; few are indexed again, since that takes no time."""
        return cls(inverted.load(folder, vectors), vectors) if len(vectors) > FLAT else cls.build(vectors)

    def __len__(self) -> int:
        return len(self.vectors)

    def nearest(self, query: Matrix, count: int, selection: Selection) -> tuple[Rows, Matrix]:
        """The rows selected that are nearest to one query vector, at least `count` where there are, and their cosines.

        In no order; where every vector is compared, every row that ties with the last of the `count` is among them.
        """
        if selection.count <= min(count, len(self)) or (not self._certain and selection.count <= NARROW):
            rows = selection.rows(len(self))
            return rows, self.scores(query, rows)
        wanted = count + SPARE if self._certain else 2 * count
        while True:
            cosines, rows = self._search(query, min(wanted, selection.count), selection)
            exact = self.scores(query, rows)
            if not self._certain or wanted >= selection.count or cosines[-1] < _last_of(exact, count) - ROUNDING:
                return rows, exact
            wanted *= 2

    def scores(self, query: Matrix, rows: Rows) -> Matrix:
        """The cosine of one query vector and each of the rows named, the same whichever rows are named with it."""
        return cosines(self.vectors[rows], query)

    def _search(self, query: Matrix, count: int, selection: Selection) -> tuple[Matrix, Rows]:
        selector = faiss.IDSelectorBitmap(selection.bitmap)  # type: ignore[call-arg,arg-type]
        if self._certain:
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        else:
            share = selection.count / len(self)
            probes = int(PROBES / max(share, 0.02) ** 0.5)
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]
        scores, rows = self._index.search(query.reshape(1, -1), count, params=parameters)
        found = rows[0] != NO_ROW  # FAISS pads what it cannot fill with -1
        return scores[0][found], rows[0][found]


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
