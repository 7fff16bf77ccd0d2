"""Vector search with FAISS: inner product of unit vectors, so a score is a cosine and higher is better.

FAISS names candidate rows; their cosines are then computed from the vectors themselves, in a way that does not depend
on which other rows are scored. Up to MAX_FLAT_ROWS rows the index is flat, and FAISS is searched for more candidates
until they are certain to include the nearest rows. Beyond that it is an IVF index, which probes the inverted lists that
are nearest to the query and may miss rows.
"""

from dataclasses import dataclass
from itertools import count as counter
from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Mask, Matrix, Rows
from wherefrom.index.segments import ivf_index
from wherefrom.index.segments.columns import release_pages
from wherefrom.index.segments.flat_index import FAISS_ROUNDING_ERROR, build_flat_index
from wherefrom.index.segments.ivf_index import IvfIndex

NO_ROW = -1

MAX_FLAT_ROWS = 100_000
"""Rows up to which the index is flat; docs/decisions.md has the measurements."""
EXTRA_CANDIDATES = 28
"""Rows that an unquantized flat index is searched for beyond those wanted."""
SEARCHES_BETWEEN_RELEASES = 48
"""Searches of an IVF index between releases of its mapped vectors' pages; each search touches about 80 MB of them."""
MAX_EXHAUSTIVE_ROWS = 20_000
"""Largest selection whose rows are all scored in place of an IVF search, which would have to probe many lists."""
REFERENCE_NPROBE, REFERENCE_NLIST = 128, 2048
"""Lists probed of those that an index of a million paragraphs with their sentences has; see `nprobe`."""
MIN_SELECTED_SHARE, SHARE_EXPONENT = 0.02, 0.6
"""For a selection of a share of the rows, `nprobe` grows by the factor share ** -SHARE_EXPONENT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rows that a search may return: a bitmap for FAISS, their number, their share of all rows of their kind."""

    bitmap: npt.NDArray[np.uint8]
    count: int
    share: float

    @classmethod
    def of(cls, mask: Mask, total: int | None = None) -> Self:
        """Select the rows where the mask is true.

        `total` is the number of rows of their kind, of which `share` is taken; it defaults to all rows of the mask.
        """
        count = int(np.count_nonzero(mask))
        share = count / max(len(mask) if total is None else total, 1)
        return cls(bitmap=np.packbits(mask, bitorder="little"), count=count, share=share)

    def rows(self, index_size: int) -> Rows:
        """Return the selected rows of an index with this number of rows, in ascending order."""
        selected: Rows = np.flatnonzero(np.unpackbits(self.bitmap, count=index_size, bitorder="little"))
        return selected


class VectorIndex:
    """Searches unit vectors, float32, shape (rows, dimension), which may be memory-mapped. Immutable once built."""

    def __init__(self, index: "faiss.Index | IvfIndex", vectors: Matrix, max_error: float | None) -> None:
        """Wrap an index that names candidate rows.

        `max_error` is an upper bound of the error of its cosines, or `None` for an IVF index, which may miss rows.
        """
        self._index = index
        self.vectors = vectors
        self._max_error = max_error
        self._searches = counter()

    @classmethod
    def build(cls, vectors: Matrix, folder: Path | None = None, adjacent_rows: Rows | None = None) -> Self:
        """Index unit vectors; an IVF index is written to files in `folder` if one is given.

        `adjacent_rows` are rows that searches select together and without the others: an IVF index stores them next to
        each other, which makes such searches faster.
        """
        if len(vectors) <= MAX_FLAT_ROWS:
            return cls(*build_flat_index(vectors))
        rows = np.empty(0, dtype=np.int64) if adjacent_rows is None else adjacent_rows
        if folder is None:
            return cls(IvfIndex.in_memory(vectors, rows), vectors, None)
        ivf_index.write_shards(vectors, folder, rows)
        return cls.load(vectors, folder)

    @classmethod
    def load(cls, vectors: Matrix, folder: Path) -> Self:
        """Load what `build` wrote of these vectors; a flat index is built again, since that takes hardly any time.

        Raises RuntimeError if the files of an IVF index are missing or were made of other vectors.
        """
        return (
            cls.build(vectors) if len(vectors) <= MAX_FLAT_ROWS else cls(IvfIndex.load(folder, vectors), vectors, None)
        )

    def __len__(self) -> int:
        return len(self.vectors)

    def nearest(self, query: Matrix, count: int, selection: Selection) -> tuple[Rows, Matrix]:
        """Return the selected rows that are nearest to one query vector, and their cosines, in no particular order.

        There are at least `count` rows if the search found as many. With a flat index they include every row that ties
        with the `count`th best.
        """
        if self._max_error is None and next(self._searches) % SEARCHES_BETWEEN_RELEASES == 0:
            release_pages(self.vectors)
        if selection.count <= count or (self._max_error is None and selection.count <= MAX_EXHAUSTIVE_ROWS):
            rows = selection.rows(len(self))
            return rows, self.scores(query, rows)
        candidates = self._candidates_for(count)
        while True:
            approximate, rows = self._search(query, min(candidates, selection.count), selection)
            exact = self.scores(query, rows)
            if (
                self._max_error is None
                or candidates >= selection.count
                or approximate[-1] < _nth_best(exact, count) - self._max_error
            ):
                return rows, exact
            candidates *= 2

    def scores(self, query: Matrix, rows: Rows) -> Matrix:
        """Return the cosines of one query vector with rows, shape (rows,); none depends on the other rows."""
        return cosines(self.vectors[rows], query)

    def _search(self, query: Matrix, count: int, selection: Selection) -> tuple[Matrix, Rows]:
        """Return the scores and rows of the candidates that FAISS finds, best first."""
        selector = faiss.IDSelectorBitmap(selection.bitmap)  # type: ignore[call-arg,arg-type]
        if isinstance(self._index, IvfIndex):
            scores, rows = self._index.search(query, count, selector, nprobe(self._index.nlist, selection.share))
        else:
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            (scores,), (rows,) = self._index.search(query.reshape(1, -1), count, params=parameters)
        filled = rows != NO_ROW  # FAISS pads a short result with -1
        return scores[filled], rows[filled]

    def _candidates_for(self, count: int) -> int:
        """Return the number of candidates to search for first, so that the `count` nearest are likely among them."""
        if self._max_error is None:
            return 3 * count // 2
        return count + EXTRA_CANDIDATES if self._max_error == FAISS_ROUNDING_ERROR else 3 * count


def nprobe(nlist: int, share: float) -> int:
    """Return the number of lists to probe in an index of `nlist` lists for a selection of a share of the rows."""
    fewer_lists_factor = max(REFERENCE_NLIST / nlist, 1) ** 0.5
    return int(REFERENCE_NPROBE * fewer_lists_factor * max(share, MIN_SELECTED_SHARE) ** -SHARE_EXPONENT)


def cosines(vectors: Matrix, query: Matrix) -> Matrix:
    """Return the cosine of each unit vector with the query, shape (rows,).

    Not `vectors @ query`: BLAS adds up in an order that depends on the shape, so that the last bits of a row's cosine
    would depend on the other rows.
    """
    row_cosines: Matrix = np.einsum("ij,j->i", vectors, query)
    return row_cosines


def _nth_best(scores: Matrix, count: int) -> float:
    """Return the `count`th highest score."""
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])
