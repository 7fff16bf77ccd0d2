"""A snapshot: the rows of all segments at one revision, ready to be searched. Derived from the catalog; immutable.

A row is a paragraph. Rows are numbered one segment after another, so their numbers depend on the history of changes;
`sort_keys` order them by document id and paragraph number.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Self

import numpy as np

from wherefrom.index.arrays import Array, Mask, Matrix, Rows
from wherefrom.index.engine import Term
from wherefrom.index.scoring.fusion import context_share
from wherefrom.index.search.bm25 import Bm25Index
from wherefrom.index.search.candidates import MAX_CACHED_ROWS, CandidateColumns, CandidateVectors, EmbeddedCandidates
from wherefrom.index.search.exact_duplicates import ExactDuplicates
from wherefrom.index.search.vocabulary import SegmentTerms, Vocabulary
from wherefrom.index.segments.row_languages import language_of_row, row_languages
from wherefrom.index.segments.segment import Segment
from wherefrom.index.segments.segment_set import SegmentSet
from wherefrom.index.segments.vector_index import Selection
from wherefrom.index.storage import schema
from wherefrom.index.types import IndexInfo

NUMBER_BITS = 20
"""A document has fewer paragraphs than 2 ** NUMBER_BITS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchableRows:
    """The rows that a search may return: a mask over all rows, and their units (vectors) in each segment."""

    rows: Mask
    paragraphs: tuple[Selection, ...]
    sentences: tuple[Selection, ...]

    def __len__(self) -> int:
        return sum(selection.count for selection in self.paragraphs)

    @classmethod
    def of(cls, segments: Sequence[Segment], starts: Sequence[int], rows: Mask) -> Self:
        """Select rows of segments, given the first row of each."""
        with_starts = zip(segments, starts, strict=True)
        selections = [segment.select_units(rows[start : start + len(segment)]) for segment, start in with_starts]
        return cls(
            rows=rows,
            paragraphs=tuple(paragraphs for paragraphs, _ in selections),
            sentences=tuple(sentences for _, sentences in selections),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The segments at one revision, the columns over all their rows, and the statistics over the live ones.

    `starts` are the segments' first rows and `document_starts` their first document numbers. `languages` are the
    languages of rows other than English, deleted rows included. `searchable` are the live rows, each text once.
    `all_candidates` are the candidates of every question in a small collection, `None` in others.
    """

    revision: int
    info: IndexInfo
    segment_set: SegmentSet
    segments: tuple[Segment, ...]
    starts: tuple[int, ...]
    document_starts: tuple[int, ...]
    document_rows: Rows
    numbers: Rows
    lengths: Rows
    sort_keys: Rows
    languages: tuple[str, ...]
    live_rows: Mask
    bm25: Bm25Index
    vocabulary: Vocabulary
    duplicates: ExactDuplicates
    searchable: SearchableRows
    all_candidates: EmbeddedCandidates | None

    @classmethod
    def of(cls, segment_set: SegmentSet, manifest: Mapping[str, str]) -> Self:
        """Build the snapshot of segments whose catalog has this manifest."""
        segments = tuple(part.segment for part in segment_set.segments)
        document_starts = _starts(len(segment.documents) for segment in segments)
        starts = _starts(len(segment) for segment in segments)
        with_starts = zip(segments, document_starts, strict=True)
        document_rows = _concatenate([segment.document_rows + start for segment, start in with_starts])
        numbers = _concatenate([segment.numbers for segment in segments])
        lengths = _concatenate([segment.lengths for segment in segments])
        live_documents = np.concatenate([part.live_documents for part in segment_set.segments])
        live_rows = live_documents[document_rows]
        sort_keys = (segment_set.document_sort_keys()[document_rows] << NUMBER_BITS) + numbers
        duplicates = ExactDuplicates.among(segments, live_rows, sort_keys)
        postings = [segment.postings for segment in segments]
        bm25 = Bm25Index(postings, starts, lengths, None if live_documents.all() else live_rows)
        languages = tuple(sorted({language for each in postings for language in row_languages(each)}))
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
            sort_keys=sort_keys,
            languages=languages,
            live_rows=live_rows,
            bm25=bm25,
            vocabulary=Vocabulary(SegmentTerms(segments, bm25), languages),
            duplicates=duplicates,
            searchable=SearchableRows.of(segments, starts, duplicates.first_only(live_rows)),
            all_candidates=None,
        )
        if len(snapshot.searchable) > MAX_CACHED_ROWS:
            return snapshot
        rows = snapshot.in_order(np.flatnonzero(snapshot.searchable.rows))
        return replace(snapshot, all_candidates=snapshot.candidates(rows, cached=True))

    def __len__(self) -> int:
        return len(self.numbers)

    def document_id(self, row: int) -> str:
        """Return the id of a row's document."""
        segment, document = self._document(row)
        return segment.documents.ids[document].decode()

    def document_digest(self, row: int) -> bytes:
        """Return the digest of a row's document, which covers everything that an answer can show of it."""
        segment, document = self._document(row)
        digest: bytes = segment.documents.digests[document].tobytes()
        return digest

    def number(self, row: int) -> int:
        """Return the number of a row's paragraph in its document."""
        return int(self.numbers[row])

    def language(self, row: int) -> str | None:
        """Return the language that the terms of a row are in, `None` for English."""
        if not self.languages:
            return None
        at = bisect_right(self.starts, row) - 1
        return language_of_row(self.segments[at].postings, row - self.starts[at])

    def preceding(self, rows: Rows) -> Rows:
        """Return for each row the row of the paragraph before it in its document; itself if it is the first."""
        earlier = np.maximum(rows - 1, 0)
        preceding: Rows = np.where(self.document_rows[earlier] == self.document_rows[rows], earlier, rows)
        return preceding

    def terms_in_documents(self, rows: Rows, terms: Sequence[Term]) -> Sequence[frozenset[Term]]:
        """Return for each row which of the terms, or their variants, occur in any paragraph of its document."""
        documents = self.document_rows[rows]
        firsts = np.searchsorted(self.document_rows, documents)
        ends = np.searchsorted(self.document_rows, documents, side="right")
        occurrences = [self.bm25.occurs_between(term, firsts, ends).tolist() for term in terms]
        return [
            frozenset([term for term, occurs in zip(terms, occurrences, strict=True) if occurs[at]])
            for at in range(len(rows))
        ]

    def in_order(self, rows: Rows) -> Rows:
        """Return the distinct rows, ordered by document id and paragraph number."""
        distinct = np.unique(rows)
        ordered: Rows = distinct[np.argsort(self.sort_keys[distinct])]
        return ordered

    def select(self, allowed: Mask | None, *, newest_copies: bool = False) -> SearchableRows:
        """Return the live rows among those allowed (all if `None`), each text once: the first, or the newest."""
        if allowed is None and not newest_copies:
            return self.searchable
        rows = self.live_rows if allowed is None else allowed & self.live_rows
        published = self.published(self.duplicates.rows) if newest_copies else None
        return SearchableRows.of(self.segments, self.starts, self.duplicates.first_only(rows, published))

    def published(self, rows: Rows) -> Rows:
        """Return the ordinals of the publication dates of rows, 0 for a row without one."""
        published = np.empty(len(rows), dtype=np.int64)
        for segment, positions, segment_rows in self._by_segment(rows):
            published[positions] = segment.documents.published[segment.document_rows[segment_rows]]
        return published

    def candidates(self, rows: Rows, *, cached: bool = False) -> EmbeddedCandidates:
        """Return ordered rows as candidates; `cached` if many questions will be compared with them."""
        preceding = self.preceding(rows)
        lengths = self.lengths[rows]
        columns = CandidateColumns(
            rows=rows,
            documents=self.document_rows[rows],
            lengths=lengths,
            preceding=preceding,
            context_shares=np.where(preceding == rows, 0, context_share(lengths)),
        )
        return EmbeddedCandidates(
            columns,
            CandidateVectors.gather(list(self._by_segment(rows)), len(rows)),
            paragraph_vectors=self.vectors,
            packed_tokens=self.packed_tokens,
            cached=cached,
        )

    def vectors(self, rows: Rows) -> Matrix:
        """Return the paragraph vectors of rows, shape (n, dimension)."""
        dimension = self.segments[0].vectors.vectors.shape[1] if len(rows) else 0
        vectors = np.empty((len(rows), dimension), dtype=np.float32)
        for segment, positions, segment_rows in self._by_segment(rows):
            vectors[positions] = segment.vectors.vectors[segment.unit_offsets[segment_rows]]
        return vectors

    def packed_tokens(self, rows: Rows) -> list[Array]:
        """Return the packed tokens of rows, in their order, each as an array of bytes."""
        packed: list[Array] = [self.segments[0].tokens.content[:0]] * len(rows)
        for segment, positions, segment_rows in self._by_segment(rows):
            for position, view in zip(positions.tolist(), segment.tokens.views(segment_rows), strict=True):
                packed[position] = view
        return packed

    def _document(self, row: int) -> tuple[Segment, int]:
        """Return the segment of a row, and the number of the row's document in it."""
        document = int(self.document_rows[row])
        at = bisect_right(self.document_starts, document) - 1
        return self.segments[at], document - self.document_starts[at]

    def _by_segment(self, rows: Rows) -> Iterator[tuple[Segment, Rows, Rows]]:
        """Yield each segment with some of the rows, the positions of those, and their row numbers in it."""
        if len(self.segments) == 1 and len(rows):
            yield self.segments[0], np.arange(len(rows)), rows
            return
        for segment, start in zip(self.segments, self.starts, strict=True):
            positions = np.flatnonzero((rows >= start) & (rows < start + len(segment)))
            if len(positions):
                yield segment, positions, rows[positions] - start


def _info(manifest: Mapping[str, str]) -> IndexInfo:
    return IndexInfo(
        generation=schema.generation(manifest),
        documents=int(manifest["documents"]),
        passages=int(manifest["passages"]),
        model=manifest["model"],
        model_sha256=manifest["model_sha256"],
    )


def _starts(sizes: Iterable[int]) -> tuple[int, ...]:
    """Return where each of some consecutive ranges of these sizes starts."""
    return tuple(accumulate(sizes, initial=0))[:-1]


def _concatenate(columns: Sequence[Array]) -> Array:
    """Concatenate columns; a single one is returned as it is."""
    return columns[0] if len(columns) == 1 else np.concatenate(columns)
