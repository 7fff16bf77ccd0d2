"""FAISS where every vector is compared."""

import faiss
import numpy as np

from wherefrom.index.arrays import Matrix

FEW = 5_000
"""Rows up to which vectors are compared as they are; beyond that 8-bit numbers are, which take a third of the time."""
BLOCK = 50_000
ROUNDING = 1e-5
"""More than a cosine of FAISS can differ from the one computed again."""


def flat(vectors: Matrix) -> tuple["faiss.Index", Matrix, float]:
    """An index that compares every vector: as it is where there are few, as 8-bit numbers where there are more.

    The cosine with a vector that is off by `d` is off by at most the length of `d`.
    """
    dimension = vectors.shape[1]
    if len(vectors) <= FEW:
        index: faiss.Index = faiss.IndexFlatIP(dimension)
        index.add(np.ascontiguousarray(vectors))
        return index, vectors, ROUNDING
    index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.train(np.ascontiguousarray(vectors))
    index.add(np.ascontiguousarray(vectors))
    starts = range(0, len(vectors), BLOCK)
    kept = ((vectors[start : start + BLOCK], start) for start in starts)
    off = [np.linalg.norm(block - index.reconstruct_n(start, len(block)), axis=1).max() for block, start in kept]
    return index, vectors, float(max(off)) + ROUNDING
