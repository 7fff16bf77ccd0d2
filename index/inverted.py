"""FAISS's inverted file for many vectors: made and kept in shards, and read where they lie.

Vectors are in lists by the centroid that is nearest to them, as 8-bit numbers; a question looks into the lists nearest
to it. Memory while one is made is that of a shard, whatever the number of vectors.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
import numpy.typing as npt

from index.embedder import Matrix

SHARD = 1_000_000
"""Vectors of a shard: 0.4 GB."""
BLOCK = 50_000
TRAINED_ON = 40
"""Vectors a list that the centroids are learnt from."""


class InvertedFile:
    """Shards with the same centroids; each knows its vectors by their row numbers."""

    def __init__(self, shards: Sequence[Any]) -> None:
        self._shards = tuple(shards)

    @classmethod
    def in_memory(cls, vectors: Matrix) -> Self:
        """Index unit vectors of shape (rows, dimension), in memory."""
        index = _trained(vectors)
        _fill(index, vectors, 0, len(vectors))
        return cls([index])

    @classmethod
    def load(cls, folder: Path, vectors: Matrix) -> Self:
        """Map the shards that `make` wrote. Raises RuntimeError if they are not there or are of other vectors."""
        shards: list[Any] = [faiss.read_index(str(path), faiss.IO_FLAG_MMAP) for path in _paths(folder, len(vectors))]
        if sum(shard.ntotal for shard in shards) != len(vectors) or any(s.d != vectors.shape[1] for s in shards):
            raise RuntimeError(f"{folder} holds no inner-product index of {len(vectors)} vectors")
        for shard in shards:  # by default each search starts 32 threads that only touch what it is about to read
            lists: Any = faiss.downcast_InvertedLists(shard.invlists)
            lists.prefetch_nthread = 0
        return cls(shards)

    def search(self, query: Matrix, count: int, selector: Any, probes: int) -> tuple[Matrix, npt.NDArray[np.int64]]:  # noqa: ANN401
        """Cosines and rows of what is nearest to one query, best first, as far as the lists looked into hold it."""
        asked = query.reshape(1, -1)
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]
        found = [each.search(asked, count, params=parameters) for each in self._shards]
        cosines = np.concatenate([scores[0] for scores, _ in found])
        rows = np.concatenate([rows[0] for _, rows in found])
        best = np.argsort(-cosines, kind="stable")[:count]
        return cosines[best], rows[best]


def make(vectors: Matrix, folder: Path) -> None:
    """Write the index of unit vectors, which may be memory-mapped, into a folder, a shard at a time."""
    index = _trained(vectors)
    for start, path in zip(range(0, len(vectors), SHARD), _paths(folder, len(vectors)), strict=True):
        _fill(index, vectors, start, min(start + SHARD, len(vectors)))
        faiss.write_index(index, str(path))
        index.reset()


def _paths(folder: Path, vectors: int) -> Iterator[Path]:
    return (folder / f"near-{number}.faiss" for number in range(-(-vectors // SHARD)))


def _trained(vectors: Matrix) -> "faiss.Index":
    """An empty index whose centroids are learnt from a sample drawn evenly; about as many lists as rows in each."""
    lists = 2 ** round(np.log2(np.sqrt(len(vectors))))
    index = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(np.ascontiguousarray(vectors[:: max(len(vectors) // (lists * TRAINED_ON), 1)]))
    return index


def _fill(index: "faiss.Index", vectors: Matrix, start: int, end: int) -> None:
    """Add a stretch of the vectors under their row numbers, a block at a time."""
    for first in range(start, end, BLOCK):
        last = min(first + BLOCK, end)
        index.add_with_ids(np.ascontiguousarray(vectors[first:last]), np.arange(first, last))
