"""FAISS flat indexes, which compare a query with every vector."""

import faiss
import numpy as np

from wherefrom.index.arrays import Matrix

MAX_UNQUANTIZED_ROWS = 5_000
"""Rows up to which vectors are compared as float32; beyond that as 8-bit codes, which takes a third of the time."""
BLOCK_ROWS = 50_000
FAISS_ROUNDING_ERROR = 1e-5
"""Upper bound of the difference between a cosine by FAISS and the same cosine computed exactly."""


def build_flat_index(vectors: Matrix) -> tuple["faiss.Index", Matrix, float]:
    """Build a flat index of unit vectors of shape (rows, dimension): float32 for few rows, 8-bit codes for more.

    Returns the index, the vectors, and an upper bound of the error of its cosines: the error of the cosine with a
    quantized vector is at most the length of the vector's quantization error.
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
    blocks = ((vectors[start : start + BLOCK_ROWS], start) for start in starts)
    errors = [np.linalg.norm(block - index.reconstruct_n(start, len(block)), axis=1).max() for block, start in blocks]
    return index, vectors, float(max(errors)) + FAISS_ROUNDING_ERROR
