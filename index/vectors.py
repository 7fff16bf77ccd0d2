"""Vectors in FAISS: inner product of unit vectors, so a score is a cosine and higher is better."""

from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt

from index.embedder import Matrix

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
NO_ROW = -1


class VectorIndex:
    """A row a vector, in the order in which they were given. Never changed once built."""

    def __init__(self, index: "faiss.IndexFlat") -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Matrix) -> Self:
        """Index unit vectors of shape (rows, dimension); no rows is fine."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote. Raises RuntimeError if it is not a flat inner-product index."""
        index = faiss.read_index(str(path))
        if not isinstance(index, faiss.IndexFlat) or index.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise RuntimeError(f"{path} is not a flat inner-product index")
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index to a file of FAISS's own format."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def vectors(self) -> Matrix:
        """The vectors, shape (rows, dimension), without a copy."""
        flat: Matrix = faiss.rev_swig_ptr(self._index.get_xb(), len(self) * self._index.d)
        return flat.reshape(len(self), self._index.d)

    def nearest(self, query: Matrix, count: int, allowed: Mask | None = None) -> Rows:
        """The rows nearest to one query vector, best first; only `allowed` ones where a mask is given."""
        if len(self) == 0:
            return np.empty(0, dtype=np.int64)
        parameters = None if allowed is None else faiss.SearchParameters(sel=_selector(allowed))  # type: ignore[call-arg]
        _, rows = self._index.search(query.reshape(1, -1), min(count, len(self)), params=parameters)
        found: Rows = rows[0][rows[0] != NO_ROW]  # FAISS pads what it cannot fill with -1
        return found

    def scores(self, query: Matrix, rows: Rows) -> Matrix:
        """The cosine of one query vector and each of the rows named."""
        cosines: Matrix = self.vectors[rows] @ query
        return cosines


def _selector(allowed: Mask) -> "faiss.IDSelector":
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg,arg-type]
