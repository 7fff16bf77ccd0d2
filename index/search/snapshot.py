"""One state of a collection, ready to be searched: everything here follows from the catalog, and never changes.

A snapshot is a table of rows, which are paragraphs, with what is known over all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Self

import numpy as np

from wherefrom.index.arrays import Array, Mask, Rows
from wherefrom.index.search.bm25 import Lexicon
from wherefrom.index.search.candidates import FEW, Candidates
from wherefrom.index.search.exact_duplicates import Copies
from wherefrom.index.search.first_stage import Searchable
from wherefrom.index.search.row_table import Table
from wherefrom.index.segments.segment_set import SegmentSet
from wherefrom.index.storage import schema
from wherefrom.index.types import IndexInfo

NUMBER_BITS = 20
"""A document has fewer paragraphs than 2 ** this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Table):
    """The rows, which of them are alive, and what is counted over all of them, at one revision.

    `few` are all that a search may find, where that is no more than a question is compared with.
    """

    revision: int
    info: IndexInfo
    segment_set: SegmentSet
    alive: Mask
    lexicon: Lexicon
    copies: Copies
    everything: Searchable
    few: Candidates | None

    @classmethod
    def of(cls, segment_set: SegmentSet, manifest: Mapping[str, str]) -> Self:
        """The state of a collection whose catalog has this manifest."""
        segments = tuple(part.segment for part in segment_set.segments)
        document_starts = _starts(len(segment.documents) for segment in segments)
        starts = _starts(map(len, segments))
        document_rows = _join([each.document_rows + at for each, at in zip(segments, document_starts, strict=True)])
        numbers = _join([segment.numbers for segment in segments])
        lengths = _join([segment.lengths for segment in segments])
        living = np.concatenate([part.live_documents for part in segment_set.segments])
        alive = living[document_rows]
        places = (segment_set.document_sort_keys()[document_rows] << NUMBER_BITS) + numbers
        copies = Copies.among(segments, alive, places)
        snapshot = cls(
            revision=int(manifest["revision"]),
            info=_info(manifest),
            segment_set=segment_set,
            segments=segments,
            starts=starts,
            document_starts=document_starts,
            document_rows=document_rows,
            numbers=numbers,
            lengths=lengths,
            places=places,
            alive=alive,
            lexicon=Lexicon(
                [segment.postings for segment in segments], starts, lengths, None if living.all() else alive
            ),
            copies=copies,
            everything=Searchable.of(segments, starts, copies.first_only(alive)),
            few=None,
        )
        return snapshot._with_few()

    def searchable(self, allowed: Mask | None) -> Searchable:
        """What a search may find of the rows allowed (null for all): those alive, and each text once."""
        if allowed is None:
            return self.everything
        return Searchable.of(self.segments, self.starts, self.copies.first_only(allowed & self.alive))

    def other_copies(self, row: int, allowed: Mask | None) -> Rows:
        """The other rows alive and allowed that say the same as this one, in order."""
        return self.copies.others(row, allowed)

    def _with_few(self) -> Self:
        if len(self.everything) > FEW:
            return self
        return replace(self, few=self.candidates(self.in_order(np.flatnonzero(self.everything.rows)), kept=True))


def _info(manifest: Mapping[str, str]) -> IndexInfo:
    return IndexInfo(
        generation=schema.generation(manifest),
        documents=int(manifest["documents"]),
        passages=int(manifest["passages"]),
        model=manifest["model"],
        model_sha256=manifest["model_sha256"],
    )


def _starts(sizes: "Iterator[int] | map[int]") -> tuple[int, ...]:
    """Where each of some things behind one another begins."""
    return tuple(accumulate(sizes, initial=0))[:-1]


def _join(columns: Sequence[Array]) -> Array:
    """Columns behind one another; a single one as it is."""
    return columns[0] if len(columns) == 1 else np.concatenate(columns)
