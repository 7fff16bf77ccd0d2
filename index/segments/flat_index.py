"""FAISS where every vector is compared."""

import faiss
import numpy as np

from wherefrom.index.arrays import Matrix

MAX_UNQUANTIZED_ROWS = 5_000
"""Rows up to which vectors are compared as they are; beyond that 8-bit numbers are, which take a third of the time."""
BLOCK_ROWS = 50_000
FAISS_ROUNDING_ERROR = 1e-5
"""More than a cosine of FAISS can differ from the one computed again."""


def build_flat_index(vectors: Matrix) -> tuple["faiss.Index", Matrix, float]:
    """An index that compares every vector: as it is where there are few, as 8-bit numbers where there are more.

    The cosine with a vector that is off by `d` is off by at most the length of `d`.
    """
    dimension = vectors.shape[1]
    if len(vectors) <= MAX_UNQUANTIZED_ROWS:
        index: faiss.Index = faiss.IndexFlatIP(dimension)
        index.add(np.ascontiguousarray(vectors))
        return index, vectors, FAISS_ROUNDING_ERROR
    index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.train(np.ascontiguousarray(vectors))
    index.add(np.ascontiguousarray(vectors))
    starts = range(0, len(vectors), BLOCK_ROWS)
    kept = ((vectors[start : start + BLOCK_ROWS], start) for start in starts)
    off = [np.linalg.norm(block - index.reconstruct_n(start, len(block)), axis=1).max() for block, start in kept]
    return index, vectors, float(max(off)) + FAISS_ROUNDING_ERROR
