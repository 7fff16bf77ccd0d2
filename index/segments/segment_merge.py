"""Merges delta segments into one, without their deleted documents."""

from collections.abc import Sequence

import numpy as np

from wherefrom.index.arrays import Array, Mask
from wherefrom.index.segments.byte_strings import ByteStrings
from wherefrom.index.segments.columns import in_memory
from wherefrom.index.segments.document_fields import DocumentFields
from wherefrom.index.segments.postings import Postings, RowPostings, invert
from wherefrom.index.segments.segment import Documents, Segment
from wherefrom.index.segments.segment_builder import NO_PUBLISHER, sort_keys
from wherefrom.index.segments.vector_index import VectorIndex
from wherefrom.index.segments.word_sequences import WordSequences

MaskedSegment = tuple[Segment, Mask]
"""A segment, and a mask of the documents or rows to keep."""


def merge_segments(segments: Sequence[MaskedSegment]) -> Segment:
    """Return one segment with the live documents of all segments, in their order; the masks are of live documents."""
    masked_rows = [(segment, live_documents[segment.document_rows]) for segment, live_documents in segments]
    unit_counts = [np.diff(segment.unit_offsets)[live] for segment, live in masked_rows]
    keys = np.concatenate([_keys_by_row(segment)[live] for segment, live in masked_rows])
    key_rows, sorted_keys = sort_keys(keys, in_memory)
    units = [segment.vectors.vectors[np.repeat(live, np.diff(segment.unit_offsets))] for segment, live in masked_rows]
    document_rows = [
        (segment.document_rows[live], live_documents)
        for (segment, live_documents), (_, live) in zip(segments, masked_rows, strict=True)
    ]
    return Segment(
        documents=_merge_documents(segments),
        document_rows=_renumber(document_rows),
        numbers=np.concatenate([segment.numbers[live] for segment, live in masked_rows]),
        lengths=np.concatenate([segment.lengths[live] for segment, live in masked_rows]),
        key_rows=key_rows,
        sorted_keys=sorted_keys,
        unit_offsets=np.concatenate([[0], np.cumsum(np.concatenate(unit_counts))]).astype(np.int64),
        vectors=VectorIndex.build(np.concatenate(units)),
        tokens=_merge_byte_strings([(segment.tokens, live) for segment, live in masked_rows]),
        postings=_merge_postings([(segment.postings, live) for segment, live in masked_rows]),
        words=_merge_words([(segment.words, live) for segment, live in masked_rows]),
    )


def _merge_documents(segments: Sequence[MaskedSegment]) -> Documents:
    publisher_numbers: dict[str, int] = {}
    publishers = []
    for segment, live in segments:
        names = segment.documents.publisher_names
        numbers = [publisher_numbers.setdefault(name, len(publisher_numbers)) for name in names]
        # The last element is for NO_PUBLISHER, which is the index -1.
        publishers.append(np.array([*numbers, NO_PUBLISHER], dtype=np.int32)[segment.documents.publishers[live]])
    return Documents(
        ids=_merge_byte_strings([(segment.documents.ids, live) for segment, live in segments]),
        digests=np.concatenate([segment.documents.digests[live] for segment, live in segments]),
        publishers=np.concatenate(publishers),
        publisher_names=tuple(publisher_numbers),
        published=np.concatenate([segment.documents.published[live] for segment, live in segments]),
        fields=DocumentFields(
            postings=_merge_postings([(segment.documents.fields.postings, live) for segment, live in segments])
        ),
    )


def _renumber(masked_numbers: Sequence[tuple[Array, Mask]]) -> Array:
    """Translate positions in each segment to positions among the live elements of all segments, concatenated.

    Each pair holds positions of live elements in one segment, and the mask of the segment's live elements.
    """
    live_before = 0
    renumbered = []
    for numbers, live in masked_numbers:
        renumbered.append((np.cumsum(live) - 1)[numbers] + live_before)
        live_before += int(np.count_nonzero(live))
    return np.concatenate(renumbered).astype(np.int32)


def _merge_byte_strings(masked_strings: Sequence[tuple[ByteStrings, Mask]]) -> ByteStrings:
    return ByteStrings(*_merge_ranges([(strings.content, strings.offsets, live) for strings, live in masked_strings]))


def _merge_words(masked_words: Sequence[tuple[WordSequences, Mask]]) -> WordSequences:
    hashes, offsets = _merge_ranges([(words.hashes, words.offsets, live) for words, live in masked_words])
    return WordSequences(hashes=hashes, offsets=offsets)


def _merge_ranges(masked_ranges: Sequence[tuple[Array, Array, Mask]]) -> tuple[Array, Array]:
    """Concatenate the live ranges of elements, each (elements, offsets of the ranges, live ranges)."""
    contents, live_sizes = [], []
    for content, offsets, live in masked_ranges:
        sizes = np.diff(offsets)
        contents.append(content[np.repeat(live, sizes)])
        live_sizes.append(sizes[live])
    merged = np.concatenate([[0], np.cumsum(np.concatenate(live_sizes))]).astype(np.int64)
    return np.concatenate(contents), merged


def _merge_postings(masked_postings: Sequence[tuple[Postings, Mask]]) -> Postings:
    vocabulary: dict[str, int] = {}
    posting_terms, counts, rows = [], [], []
    for postings, live_rows in masked_postings:
        numbers = np.array(
            [vocabulary.setdefault(term.decode(), len(vocabulary)) for term in postings.terms], dtype=int
        )
        live = live_rows[postings.rows]
        posting_terms.append(np.repeat(numbers, np.diff(postings.offsets))[live])
        counts.append(postings.counts[live])
        rows.append((postings.rows[live], live_rows))
    unsorted = RowPostings(
        vocabulary=tuple(vocabulary),
        terms=np.concatenate(posting_terms),
        rows=_renumber(rows),
        counts=np.concatenate(counts),
    )
    return invert(unsorted, in_memory)


def _keys_by_row(segment: Segment) -> Array:
    """Return the text key of each row."""
    keys = np.empty_like(segment.sorted_keys)
    keys[segment.key_rows] = segment.sorted_keys
    return keys
