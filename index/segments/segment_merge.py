"""Several small segments made into one, without what is dead in them."""

from collections.abc import Sequence

import numpy as np

from wherefrom.index.arrays import Array, Mask
from wherefrom.index.segments.byte_strings import ByteStrings
from wherefrom.index.segments.columns import in_memory
from wherefrom.index.segments.postings import Postings, RowPostings, invert
from wherefrom.index.segments.segment import Documents, Segment
from wherefrom.index.segments.segment_builder import order_keys
from wherefrom.index.segments.vector_index import VectorIndex

Part = tuple[Segment, Mask]
"""A segment, and which of its documents are alive."""


def merge_segments(parts: Sequence[Part]) -> Segment:
    """One segment of the documents that are alive, in the order in which they come."""
    rows = [alive[segment.document_rows] for segment, alive in parts]
    each = list(zip((segment for segment, _ in parts), rows, strict=True))
    sizes = [np.diff(segment.unit_offsets)[kept] for segment, kept in each]
    key_rows, sorted_keys = order_keys(np.concatenate([_keys(segment)[kept] for segment, kept in each]), in_memory)
    units = [segment.vectors.vectors[np.repeat(kept, np.diff(segment.unit_offsets))] for segment, kept in each]
    return Segment(
        documents=_documents(parts),
        document_rows=_renumbered(
            [(segment.document_rows[kept], alive) for (segment, alive), kept in zip(parts, rows, strict=True)]
        ),
        numbers=np.concatenate([segment.numbers[kept] for segment, kept in each]),
        lengths=np.concatenate([segment.lengths[kept] for segment, kept in each]),
        key_rows=key_rows,
        sorted_keys=sorted_keys,
        unit_offsets=np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64),
        vectors=VectorIndex.build(np.concatenate(units)),
        tokens=_blobs([(segment.tokens, kept) for segment, kept in each]),
        postings=_postings([(segment.postings, kept) for segment, kept in each]),
    )


def _documents(parts: Sequence[Part]) -> Documents:
    names: dict[str, int] = {}
    publishers = []
    for segment, alive in parts:
        numbers = [names.setdefault(name, len(names)) for name in segment.documents.publisher_names]
        publishers.append(np.array([*numbers, -1], dtype=np.int32)[segment.documents.publishers[alive]])
    return Documents(
        ids=_blobs([(segment.documents.ids, alive) for segment, alive in parts]),
        digests=np.concatenate([segment.documents.digests[alive] for segment, alive in parts]),
        publishers=np.concatenate(publishers),
        publisher_names=tuple(names),
        published=np.concatenate([segment.documents.published[alive] for segment, alive in parts]),
    )


def _renumbered(parts: Sequence[tuple[Array, Mask]]) -> Array:
    """Numbers of things that are alive, as numbers among all that are alive, a part behind the other."""
    before = 0
    made = []
    for numbers, alive in parts:
        made.append((np.cumsum(alive) - 1)[numbers] + before)
        before += int(np.count_nonzero(alive))
    return np.concatenate(made).astype(np.int32)


def _blobs(parts: Sequence[tuple[ByteStrings, Mask]]) -> ByteStrings:
    contents, sizes = [], []
    for blobs, kept in parts:
        lengths = np.diff(blobs.offsets)
        contents.append(blobs.content[np.repeat(kept, lengths)])
        sizes.append(lengths[kept])
    offsets = np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64)
    return ByteStrings(np.concatenate(contents), offsets)


def _postings(parts: Sequence[tuple[Postings, Mask]]) -> Postings:
    vocabulary: dict[str, int] = {}
    numbers, counts, rows = [], [], []
    for postings, kept in parts:
        places = np.array([vocabulary.setdefault(term.decode(), len(vocabulary)) for term in postings.terms], dtype=int)
        living = kept[postings.rows]
        numbers.append(np.repeat(places, np.diff(postings.offsets))[living])
        counts.append(postings.counts[living])
        rows.append((postings.rows[living], kept))
    said = RowPostings(
        vocabulary=tuple(vocabulary),
        terms=np.concatenate(numbers),
        rows=_renumbered(rows),
        counts=np.concatenate(counts),
    )
    return invert(said, in_memory)


def _keys(segment: Segment) -> Array:
    keys = np.empty_like(segment.sorted_keys)
    keys[segment.key_rows] = segment.sorted_keys
    return keys
