"""FAISS's inverted file for many vectors: made a shard at a time, on disk, and read where it lies.

Vectors are in lists by the centroid that is nearest to them, as 8-bit numbers; a question looks into the lists nearest
to it. Memory while one is made is that of a shard, whatever the number of vectors.
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from faiss.contrib.ondisk import merge_ondisk

from index.embedder import Matrix

INDEX, LISTS = "near.faiss", "near.lists"
SHARD = 1_000_000
"""Vectors of a shard: 0.4 GB."""
BLOCK = 50_000
TRAINED_ON = 40
"""Vectors a list that the centroids are learnt from."""


def make(vectors: Matrix, folder: Path) -> None:
    """Write the index of unit vectors of shape (rows, dimension), which may be memory-mapped, into a folder."""
    index = _trained(vectors)
    shards = []
    for start in range(0, len(vectors), SHARD):
        shards.append(folder / f"shard-{start}.faiss")
        _write_shard(index, vectors, start, shards[-1])
    merge_ondisk(index, [str(shard) for shard in shards], str(folder / LISTS))
    faiss.write_index(index, str(folder / INDEX))
    for shard in shards:
        shard.unlink()


def load(folder: Path, vectors: Matrix) -> "faiss.Index":
    """Map the index that `make` wrote. Raises RuntimeError if it is not there or is of other vectors."""
    index: Any = faiss.read_index(str(folder / INDEX), faiss.IO_FLAG_ONDISK_SAME_DIR | faiss.IO_FLAG_READ_ONLY)
    if index.metric_type != faiss.METRIC_INNER_PRODUCT or (index.ntotal, index.d) != vectors.shape:
        raise RuntimeError(f"{folder / INDEX} is not an inner-product index of {len(vectors)} vectors")
    # By default each search starts 32 threads that only touch the lists it is about to read.
    lists: Any = faiss.downcast_InvertedLists(index.invlists)
    lists.prefetch_nthread = 0
    read: faiss.Index = index
    return read


def in_memory(vectors: Matrix) -> "faiss.Index":
    """The same index, in memory."""
    index = _trained(vectors)
    for start in range(0, len(vectors), BLOCK):
        index.add(np.ascontiguousarray(vectors[start : start + BLOCK]))
    return index


def _trained(vectors: Matrix) -> "faiss.Index":
    """An empty index whose centroids are learnt from a sample drawn evenly; about as many lists as rows in each."""
    lists = 2 ** round(np.log2(np.sqrt(len(vectors))))
    index = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(np.ascontiguousarray(vectors[:: max(len(vectors) // (lists * TRAINED_ON), 1)]))
    return index


def _write_shard(index: "faiss.Index", vectors: Matrix, start: int, path: Path) -> None:
    """Write a stretch of the vectors under their own row numbers, and leave the index empty."""
    end = min(start + SHARD, len(vectors))
    for first in range(start, end, BLOCK):
        last = min(first + BLOCK, end)
        index.add_with_ids(np.ascontiguousarray(vectors[first:last]), np.arange(first, last))
    faiss.write_index(index, str(path))
    index.reset()
