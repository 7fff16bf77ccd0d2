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

from index.columns import Array
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
PROBES = 64
TRAINED_ON = 64
"""Vectors a list that the lists are learnt from."""
BLOCK = 50_000


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
    def build(cls, vectors: Matrix) -> Self:
        """Index unit vectors; no rows is fine."""
        if len(vectors) > FLAT:
            return cls(_inverted_file(vectors), vectors)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index, vectors)

    @classmethod
    def load(cls, path: Path, vectors: Matrix) -> Self:
        """Read what `save` wrote of these vectors, its lists memory-mapped. Raises RuntimeError if it is of others."""
        if len(vectors) <= FLAT:
            return cls.build(vectors)
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        if index.metric_type != faiss.METRIC_INNER_PRODUCT or (index.ntotal, index.d) != vectors.shape:
            raise RuntimeError(f"{path} is not an inner-product index of {len(vectors)} vectors")
        return cls(index, vectors)

    def save(self, path: Path) -> None:
        """Write the index to a file of FAISS's own format; one that is quickly built from the vectors is not kept."""
        if not self._certain:
            faiss.write_index(self._index, str(path))

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


def _inverted_file(vectors: Matrix) -> "faiss.Index":
    """Learn the lists from a sample drawn evenly, and add the vectors a block at a time."""
    lists = 2 ** int(np.log2(np.sqrt(len(vectors))))
    index = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    sample: Array = vectors[:: max(len(vectors) // (lists * TRAINED_ON), 1)]
    index.train(np.ascontiguousarray(sample))
    for start in range(0, len(vectors), BLOCK):
        index.add(np.ascontiguousarray(vectors[start : start + BLOCK]))
    return index
