"""What the searches by vector find of the exact nearest, which are found by comparing every vector."""

from collections.abc import Mapping, Sequence

import numpy as np

from wherefrom.index.arrays import Matrix, Rows
from wherefrom.index.ranking.query import Query
from wherefrom.index.search.first_stage import DEPTH, SENTENCES_PER_PARAGRAPH, nearest, nearest_by_sentence
from wherefrom.index.search.snapshot import Snapshot

TOP = 10
BLOCK = 100_000


def recalls(snapshot: Snapshot, queries: Sequence[Query]) -> Mapping[str, float]:
    """The share of the exact nearest that are found."""
    segment = snapshot.segments[0]
    questions = np.stack([query.vector for query in queries])
    paragraphs = segment.unit_offsets[:-1]
    is_sentence = np.ones(len(segment.vectors), dtype=bool)
    is_sentence[paragraphs[np.diff(segment.unit_offsets) > 1]] = False
    exact_paragraphs = segment.rows_of_units(_nearest(segment.vectors.vectors, paragraphs, questions))
    exact_sentences = segment.rows_of_units(_nearest(segment.vectors.vectors, np.flatnonzero(is_sentence), questions))
    among = snapshot.searchable
    found = [nearest(snapshot, query.vector, DEPTH, among) for query in queries]
    depth = DEPTH * SENTENCES_PER_PARAGRAPH
    said = [nearest_by_sentence(snapshot, query.vector, depth, among) for query in queries]
    return {
        "recall_paragraphs": _recall(exact_paragraphs, found),
        "recall_sentences": _recall(exact_sentences, said),
    }


def _nearest(vectors: Matrix, units: Rows, questions: Matrix) -> Rows:
    """For each question the nearest of some units, by comparing all of them."""
    best = np.full((len(questions), TOP), -2, dtype=np.float32)
    rows = np.zeros((len(questions), TOP), dtype=np.int64)
    for start in range(0, len(units), BLOCK):
        block = units[start : start + BLOCK]
        scores = np.concatenate([best, questions @ vectors[block].T], axis=1)
        known = np.concatenate([rows, np.broadcast_to(block, (len(questions), len(block)))], axis=1)
        chosen = np.argpartition(-scores, TOP - 1, axis=1)[:, :TOP]
        best, rows = np.take_along_axis(scores, chosen, 1), np.take_along_axis(known, chosen, 1)
    return rows


def _recall(exact: Rows, found: Sequence[Rows]) -> float:
    shares = [
        len(set(want.tolist()) & set(have.tolist())) / len(set(want.tolist()))
        for want, have in zip(exact, found, strict=True)
    ]
    return float(np.mean(shares))
