"""One state of a collection, ready to be searched: everything here follows from the catalog, and never changes.

A row is a paragraph. Rows are numbered a segment behind the other, so that the number of a row says nothing of its
place: `places` do, by document id and paragraph number, whatever the history.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Self

import numpy as np

from index import schema
from index.candidates import FEW, Candidates, Gathered
from index.columns import Array
from index.copies import Copies
from index.embedder import Matrix
from index.fusion import leaning
from index.holdings import Holdings
from index.lexicon import Lexicon
from index.segment import Segment
from index.types import IndexInfo
from index.vectors import Mask, Rows, Selection

Floats = Array
NUMBER_BITS = 20
"""A document has fewer paragraphs than 2 ** this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """Which rows a search may find, as a mask over all rows, and for each segment its units that it may find."""

    rows: Mask
    paragraphs: tuple[Selection, ...]
    sentences: tuple[Selection, ...]

    def __len__(self) -> int:
        return sum(selection.count for selection in self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The segments, what is alive in them, and what is counted over all of it, at one revision.

    `starts` are the segments' first rows and `document_starts` their first documents; `few` are all that a search may
    find, where that is no more than a question is compared with.
    """

    revision: int
    info: IndexInfo
    holdings: Holdings
    segments: tuple[Segment, ...]
    starts: tuple[int, ...]
    document_starts: tuple[int, ...]
    document_rows: Rows
    numbers: Rows
    lengths: Rows
    places: Rows
    alive: Mask
    lexicon: Lexicon
    copies: Copies
    everything: Searchable
    few: Candidates | None

    @classmethod
    def of(cls, holdings: Holdings, manifest: Mapping[str, str]) -> Self:
        """The state of a collection whose catalog has this manifest."""
        segments = tuple(part.segment for part in holdings.parts)
        document_starts = _starts(len(segment.documents) for segment in segments)
        starts = _starts(map(len, segments))
        document_rows = _join([each.document_rows + at for each, at in zip(segments, document_starts, strict=True)])
        numbers = _join([segment.numbers for segment in segments])
        lengths = _join([segment.lengths for segment in segments])
        living = np.concatenate([part.alive for part in holdings.parts])
        alive = living[document_rows]
        places = (holdings.document_order()[document_rows] << NUMBER_BITS) + numbers
        copies = Copies.among(segments, alive, places)
        snapshot = cls(
            revision=int(manifest["revision"]),
            info=_info(manifest),
            holdings=holdings,
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
            everything=_searchable(segments, starts, copies.first_only(alive)),
            few=None,
        )
        return snapshot._with_few()

    def __len__(self) -> int:
        return len(self.numbers)

    def document_id(self, row: int) -> str:
        """The id of the document that a row's paragraph stands in."""
        document = int(self.document_rows[row])
        part = bisect_right(self.document_starts, document) - 1
        return self.segments[part].documents.ids[document - self.document_starts[part]].decode()

    def document_digest(self, row: int) -> bytes:
        """The digest of that document: of all that an answer could show of it."""
        document = int(self.document_rows[row])
        part = bisect_right(self.document_starts, document) - 1
        digest: bytes = self.segments[part].documents.digests[document - self.document_starts[part]].tobytes()
        return digest

    def number(self, row: int) -> int:
        """A row's paragraph number in its document."""
        return int(self.numbers[row])

    def before(self, rows: Rows) -> Rows:
        """For each row the row of the paragraph before it in its document; itself if it is the first."""
        earlier = np.maximum(rows - 1, 0)
        same: Rows = np.where(self.document_rows[earlier] == self.document_rows[rows], earlier, rows)
        return same

    def _with_few(self) -> Self:
        if len(self.everything) > FEW:
            return self
        return replace(self, few=self.candidates(self.in_order(np.flatnonzero(self.everything.rows)), kept=True))

    def searchable(self, allowed: Mask | None) -> Searchable:
        """What a search may find of the rows allowed (null for all): those alive, and each text once."""
        if allowed is None:
            return self.everything
        return _searchable(self.segments, self.starts, self.copies.first_only(allowed & self.alive))

    def other_copies(self, row: int, allowed: Mask | None) -> Rows:
        """The other rows alive and allowed that say the same as this one, in order."""
        return self.copies.others(row, allowed)

    def in_order(self, rows: Rows) -> Rows:
        """Rows by document id and paragraph number, each once."""
        distinct = np.unique(rows)
        ordered: Rows = distinct[np.argsort(self.places[distinct])]
        return ordered

    def highest(self, scores: Floats, count: int, among: Mask) -> Rows:
        """Of the rows with a score above 0 the highest, best first; ties go to the first by place."""
        rows = np.flatnonzero((scores > 0) & among)
        if len(rows) > count:
            last = np.partition(scores[rows], len(rows) - count)[len(rows) - count]
            rows = rows[scores[rows] >= last]
        best: Rows = rows[np.lexsort((self.places[rows], -scores[rows]))[:count]]
        return best

    def nearest(self, query: Matrix, count: int, among: Searchable) -> Rows:
        """The rows whose paragraphs are nearest to a query vector, best first; ties go to the first by place."""
        rows, scores, _ = self._nearest(query, count, among.paragraphs)
        best: Rows = rows[np.lexsort((self.places[rows], -scores))[:count]]
        return best

    def nearest_by_sentence(self, query: Matrix, count: int, among: Searchable) -> Rows:
        """The rows of the sentences that are nearest to a query vector, one a sentence, best first."""
        rows, scores, units = self._nearest(query, count, among.sentences)
        best: Rows = rows[np.lexsort((units, self.places[rows], -scores))[:count]]
        return best

    def vectors(self, rows: Rows) -> Matrix:
        """The vectors of these rows' paragraphs."""
        vectors = np.empty((len(rows), self.segments[0].vectors.vectors.shape[1] if len(rows) else 0), dtype=np.float32)
        for segment, at, within in self._by_segment(rows):
            vectors[at] = segment.vectors.vectors[segment.unit_offsets[within]]
        return vectors

    def candidates(self, rows: Rows, *, kept: bool = False) -> Candidates:
        """Rows in order, to be compared with a question, or with many if what is gathered of them is `kept`."""
        before = self.before(rows)
        return Candidates(
            rows,
            documents=self.document_rows[rows],
            before=before,
            shares=np.where(before == rows, 0, leaning(self.lengths[rows])),
            gathered=Gathered.of(list(self._by_segment(rows)), len(rows)),
            vectors=self.vectors,
            packed=self.tokens,
            kept=kept,
        )

    def tokens(self, rows: Rows) -> list[Array]:
        """The packed tokens of these rows, in their order, as bytes."""
        packed: list[Array] = [self.segments[0].tokens.content[:0]] * len(rows)
        for segment, at, within in self._by_segment(rows):
            for position, view in zip(at.tolist(), segment.tokens.views(within), strict=True):
                packed[position] = view
        return packed

    def _nearest(self, query: Matrix, count: int, among: Sequence[Selection]) -> tuple[Rows, Floats, Rows]:
        """Rows, scores and units of each segment's nearest."""
        found = [
            (segment, start, *segment.vectors.nearest(query, count, selection))
            for segment, start, selection in zip(self.segments, self.starts, among, strict=True)
            if selection.count
        ]
        rows = [segment.owners(units) + start for segment, start, units, _ in found]
        empty = np.empty(0, dtype=np.int64)
        return (
            np.concatenate([empty, *rows]),
            np.concatenate([empty.astype(np.float32), *(scores for *_, scores in found)]),
            np.concatenate([empty, *(units for _, _, units, _ in found)]),
        )

    def _by_segment(self, rows: Rows) -> Iterator[tuple[Segment, Rows, Rows]]:
        """Each segment that has some of the rows, which positions they are at, and which of its rows they are."""
        if len(self.segments) == 1 and len(rows):
            yield self.segments[0], np.arange(len(rows)), rows
            return
        for segment, start in zip(self.segments, self.starts, strict=True):
            at = np.flatnonzero((rows >= start) & (rows < start + len(segment)))
            if len(at):
                yield segment, at, rows[at] - start


def _searchable(segments: Sequence[Segment], starts: Sequence[int], rows: Mask) -> Searchable:
    each = zip(segments, starts, strict=True)
    selections = [segment.select(rows[start : start + len(segment)]) for segment, start in each]
    return Searchable(
        rows=rows,
        paragraphs=tuple(paragraphs for paragraphs, _ in selections),
        sentences=tuple(sentences for _, sentences in selections),
    )


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
