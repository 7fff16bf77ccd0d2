"""Shared array types, and the scaling of vectors to unit length."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
"""An array of numbers of any kind."""
Matrix = npt.NDArray[np.float32]
"""Vectors: one of shape (dimension,), or rows of shape (n, dimension)."""
Scores = npt.NDArray[np.float64]
"""One score per candidate; higher is better."""
Rows = npt.NDArray[np.int64]
"""Row numbers."""
Mask = npt.NDArray[np.bool_]
"""One boolean per row or document."""


def unit(vectors: Matrix) -> Matrix:
    """Scale vectors to length 1; returns float32."""
    lengths = np.sqrt(np.add.reduce(vectors * vectors, axis=-1, keepdims=True))
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
