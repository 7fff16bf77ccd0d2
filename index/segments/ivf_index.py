"""An IVF index (FAISS inverted lists) for many vectors, built and saved in shards and searched by memory mapping.

Each vector is in the inverted list of its nearest centroid, as an 8-bit code; a search probes the lists whose centroids
are nearest to the query. Building takes the memory of one shard, whatever the number of vectors. Codes are the vector
times a constant factor, rounded, so that FAISS multiplies integers; the scores of a search only rank rows, they are not
cosines. Rows that are searched together are adjacent in each list, since sequential reads of memory are faster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np

from wherefrom.index.arrays import Matrix, Rows

SHARD_ROWS = 1_000_000
"""Vectors in a shard: 0.4 GB."""
BLOCK_ROWS = 50_000
TRAINING_ROWS_PER_LIST = 40
"""Sampled vectors per inverted list from which the centroids are trained."""
MAX_CODE = 127
"""Largest absolute value of a code, and of a quantized query."""


class IvfIndex:
    """Shards that share one set of centroids; each stores its vectors under their row numbers."""

    def __init__(self, shards: Sequence[Any]) -> None:
        self._shards = tuple(shards)
        self.nlist: int = self._shards[0].nlist

    @classmethod
    def in_memory(cls, vectors: Matrix, adjacent_rows: Rows) -> Self:
        """Index unit vectors of shape (rows, dimension) in memory, as one shard."""
        shard = ShardBuilder.train(vectors)
        shard.add(vectors, adjacent_rows, 0, len(vectors))
        return cls([shard.index])

    @classmethod
    def load(cls, folder: Path, vectors: Matrix) -> Self:
        """Memory-map the shards that `write_shards` wrote.

        Raises RuntimeError if they are missing, or hold another number of vectors or another dimension.
        """
        shards: list[Any] = [faiss.read_index(str(path), faiss.IO_FLAG_MMAP) for path in _paths(folder, len(vectors))]
        if sum(shard.ntotal for shard in shards) != len(vectors) or any(s.d != vectors.shape[1] for s in shards):
            raise RuntimeError(f"{folder} holds no inner-product index of {len(vectors)} vectors")
        for shard in shards:  # by default each search starts 32 threads that only touch what it is about to read
            lists: Any = faiss.downcast_InvertedLists(shard.invlists)
            lists.prefetch_nthread = 0
        return cls(shards)

    def search(self, query: Matrix, count: int, selector: Any, nprobe: int) -> tuple[Matrix, Rows]:  # noqa: ANN401
        """Return the scores and rows of the `count` nearest vectors in the `nprobe` lists nearest to a query.

        The best come first. Unfilled places have the row -1.
        """
        quantized = np.rint(query.reshape(1, -1) * (MAX_CODE / np.abs(query).max()))  # FAISS truncates 0.3 to 0
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=nprobe)  # type: ignore[call-arg]
        results = [shard.search(quantized, count, params=parameters) for shard in self._shards]
        scores = np.concatenate([scores[0] for scores, _ in results])
        rows = np.concatenate([rows[0] for _, rows in results])
        best = np.argsort(-scores, kind="stable")[:count]
        return scores[best], rows[best]


def write_shards(vectors: Matrix, folder: Path, adjacent_rows: Rows) -> None:
    """Write the index of unit vectors, which may be memory-mapped, into a folder, one shard at a time."""
    shard = ShardBuilder.train(vectors)
    for start, path in zip(range(0, len(vectors), SHARD_ROWS), _paths(folder, len(vectors)), strict=True):
        shard.add(vectors, adjacent_rows, start, min(start + SHARD_ROWS, len(vectors)))
        faiss.write_index(shard.index, str(path))
        shard.index.reset()


def _paths(folder: Path, rows: int) -> Iterator[Path]:
    return (folder / f"near-{number}.faiss" for number in range(-(-rows // SHARD_ROWS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardBuilder:
    """A trained FAISS index, filled with one shard at a time, and the factor that turns vectors into codes."""

    index: Any
    factor: float

    @classmethod
    def train(cls, vectors: Matrix) -> Self:
        """Train the centroids on an evenly spaced sample; there are about as many lists as rows in each."""
        nlist = 2 ** round(np.log2(np.sqrt(len(vectors))))
        sample = np.ascontiguousarray(vectors[:: max(len(vectors) // (nlist * TRAINING_ROWS_PER_LIST), 1)])
        index = faiss.index_factory(vectors.shape[1], f"IVF{nlist},SQ8_direct_signed", faiss.METRIC_INNER_PRODUCT)
        index.train(sample)
        return cls(index=index, factor=MAX_CODE / float(np.abs(sample).max()))

    def add(self, vectors: Matrix, adjacent_rows: Rows, start: int, end: int) -> None:
        """Add the rows from `start` to `end` under their row numbers, in blocks; `adjacent_rows` come first."""
        is_adjacent = np.zeros(end - start, dtype=bool)
        is_adjacent[adjacent_rows[(adjacent_rows >= start) & (adjacent_rows < end)] - start] = True
        for rows in (np.flatnonzero(is_adjacent) + start, np.flatnonzero(~is_adjacent) + start):
            for offset in range(0, len(rows), BLOCK_ROWS):
                block = rows[offset : offset + BLOCK_ROWS]
                self.index.add_with_ids(np.rint(vectors[block] * self.factor).clip(-MAX_CODE, MAX_CODE), block)
