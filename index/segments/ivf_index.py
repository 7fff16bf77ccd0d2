"""FAISS's inverted file for many vectors: made and kept in shards, and read where they lie.

Vectors are in lists by the centroid that is nearest to them, as 8-bit numbers; a question looks into the lists nearest
to it. Memory while one is made is that of a shard, whatever the number of vectors. The numbers are the vectors' own
times a factor, so that FAISS multiplies bytes; the scores of a search put rows in order and are no cosines. Rows that
searches look for together stand together in each list: memory is read faster from place to place than here and there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np

from wherefrom.index.arrays import Matrix, Rows

SHARD_ROWS = 1_000_000
"""Vectors of a shard: 0.4 GB."""
BLOCK_ROWS = 50_000
TRAINING_ROWS_PER_LIST = 40
"""Vectors a list that the centroids are learnt from."""
MAX_CODE = 127
"""What the largest number of a vector becomes."""


class IvfIndex:
    """Shards with the same centroids; each knows its vectors by their row numbers."""

    def __init__(self, shards: Sequence[Any]) -> None:
        self._shards = tuple(shards)
        self.lists: int = self._shards[0].nlist

    @classmethod
    def in_memory(cls, vectors: Matrix, together: Rows) -> Self:
        """Index unit vectors of shape (rows, dimension), in memory."""
        lists = Lists.learnt(vectors)
        lists.fill(vectors, together, 0, len(vectors))
        return cls([lists.index])

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

    def search(self, query: Matrix, count: int, selector: Any, probes: int) -> tuple[Matrix, Rows]:  # noqa: ANN401
        """Scores and rows of what is nearest to one query, best first, as far as the lists looked into hold it."""
        asked = np.rint(query.reshape(1, -1) * (MAX_CODE / np.abs(query).max()))  # FAISS would cut 0.3 to 0
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]
        found = [each.search(asked, count, params=parameters) for each in self._shards]
        scores = np.concatenate([scores[0] for scores, _ in found])
        rows = np.concatenate([rows[0] for _, rows in found])
        best = np.argsort(-scores, kind="stable")[:count]
        return scores[best], rows[best]


def write_shards(vectors: Matrix, folder: Path, together: Rows) -> None:
    """Write the index of unit vectors, which may be memory-mapped, into a folder, a shard at a time."""
    lists = Lists.learnt(vectors)
    for start, path in zip(range(0, len(vectors), SHARD_ROWS), _paths(folder, len(vectors)), strict=True):
        lists.fill(vectors, together, start, min(start + SHARD_ROWS, len(vectors)))
        faiss.write_index(lists.index, str(path))
        lists.index.reset()


def _paths(folder: Path, vectors: int) -> Iterator[Path]:
    return (folder / f"near-{number}.faiss" for number in range(-(-vectors // SHARD_ROWS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Centroids with the lists of one shard, and the factor that makes a vector whole numbers."""

    index: Any
    factor: float

    @classmethod
    def learnt(cls, vectors: Matrix) -> Self:
        """Empty lists; centroids are learnt from a sample drawn evenly; about as many lists as rows in each."""
        lists = 2 ** round(np.log2(np.sqrt(len(vectors))))
        sample = np.ascontiguousarray(vectors[:: max(len(vectors) // (lists * TRAINING_ROWS_PER_LIST), 1)])
        index = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8_direct_signed", faiss.METRIC_INNER_PRODUCT)
        index.train(sample)
        return cls(index=index, factor=MAX_CODE / float(np.abs(sample).max()))

    def fill(self, vectors: Matrix, together: Rows, start: int, end: int) -> None:
        """Add a stretch of the vectors under their row numbers, a block at a time, those that stand together first."""
        named = np.zeros(end - start, dtype=bool)
        named[together[(together >= start) & (together < end)] - start] = True
        for rows in (np.flatnonzero(named) + start, np.flatnonzero(~named) + start):
            for at in range(0, len(rows), BLOCK_ROWS):
                block = rows[at : at + BLOCK_ROWS]
                self.index.add_with_ids(np.rint(vectors[block] * self.factor).clip(-MAX_CODE, MAX_CODE), block)
