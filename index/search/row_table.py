"""The paragraphs of some segments as rows behind one another, and what is known of each.

Rows are numbered a segment behind the other, so that the number of a row says nothing of its place: `places` do, by
document id and paragraph number, whatever the history.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Array, Matrix, Rows
from wherefrom.index.scoring.fusion import leaning
from wherefrom.index.search.candidates import Candidates, Gathered
from wherefrom.index.segments.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The segments and the columns over all their rows.

    `starts` are the segments' first rows and `document_starts` their first documents.
    """

    segments: tuple[Segment, ...]
    starts: tuple[int, ...]
    document_starts: tuple[int, ...]
    document_rows: Rows
    numbers: Rows
    lengths: Rows
    places: Rows

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

    def in_order(self, rows: Rows) -> Rows:
        """Rows by document id and paragraph number, each once."""
        distinct = np.unique(rows)
        ordered: Rows = distinct[np.argsort(self.places[distinct])]
        return ordered

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

    def _by_segment(self, rows: Rows) -> Iterator[tuple[Segment, Rows, Rows]]:
        """Each segment that has some of the rows, which positions they are at, and which of its rows they are."""
        if len(self.segments) == 1 and len(rows):
            yield self.segments[0], np.arange(len(rows)), rows
            return
        for segment, start in zip(self.segments, self.starts, strict=True):
            at = np.flatnonzero((rows >= start) & (rows < start + len(segment)))
            if len(at):
                yield segment, at, rows[at] - start
