"""The measures of one size of the scale curve: times, memory, and recall against the exact nearest neighbours.

Each size is measured in a separate process. The exact neighbours are found by comparing every vector.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from wherefrom.eval.benchmarks.scale.synthetic_corpus import QUESTIONS_FILE
from wherefrom.index.arrays import Matrix, Rows
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.ranker import rank
from wherefrom.index.search.first_stage import (
    DEPTH,
    SENTENCES_PER_PARAGRAPH,
    SnapshotScope,
    highest,
    nearest,
    nearest_by_sentence,
)
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.segments import base_store
from wherefrom.index.segments.segment_builder import SegmentBuilder
from wherefrom.index.segments.segment_set import SegmentSet
from wherefrom.index.storage import schema
from wherefrom.index.storage.rows import IndexedDocument, IndexedParagraph

WARM_UP_QUESTIONS = 20
RECALL_QUESTIONS = 100
"""Number of questions for the measure of recall."""
RECALL_DEPTH = 10
BLOCK_ROWS = 100_000
"""Number of vectors that are compared at a time in the exact search."""
CHANGES = 5
TEXT = "The ministry said on Tuesday that the bridge near the border would be repaired before the harbour opens again."
MEGABYTE = 1 << 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalePoint:
    """The measures of one size; times are in milliseconds unless the name says seconds, memory is in megabytes.

    The times of single stages are CPU times, which other load on the machine hardly affects.
    """

    paragraphs: int
    units: int
    questions: int
    built_seconds: float
    paragraphs_per_second: float
    disk_mb: float
    start_seconds: float
    p50: float
    p99: float
    cpu_p50: float
    cpu_p99: float
    lexical_p50: float
    paragraph_p50: float
    sentence_p50: float
    rest_p50: float
    change_p50: float
    recall_paragraphs: float
    recall_sentences: float
    rss_mb: float
    rss_files_mb: float


def measure_base(data: Path, size: int) -> ScalePoint:
    """Measure a base that `build_base` made."""
    queries: list[Query] = np.load(data / QUESTIONS_FILE, allow_pickle=True).tolist()
    folder = data / f"{size}"
    made = json.loads((folder / "build.json").read_text())
    started = time.perf_counter()
    base = base_store.load(folder, made["manifest"])
    assert base is not None  # noqa: S101 - `build_base` has made it
    segment = base.segment
    snapshot = Snapshot.of(SegmentSet.of_base(segment), made["manifest"])
    rank(_everything(snapshot), queries[0])
    start_seconds = time.perf_counter() - started
    times = _search_times(snapshot, queries)
    memory = _resident_memory()
    changes = [_timed(partial(_change, snapshot, made["manifest"], queries[0]), at) for at in range(CHANGES)]
    recalls = _recalls(snapshot, queries[:RECALL_QUESTIONS])
    return ScalePoint(
        paragraphs=size,
        units=len(segment.vectors),
        questions=len(queries),
        built_seconds=made["seconds"],
        paragraphs_per_second=size / made["seconds"],
        disk_mb=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MEGABYTE,
        start_seconds=start_seconds,
        change_p50=float(np.median([cpu for _, cpu in changes])),
        **times,
        **recalls,
        **memory,
    )


def _everything(snapshot: Snapshot) -> SnapshotScope:
    """Return the scope of all documents."""
    return SnapshotScope(snapshot=snapshot, allowed=None, warnings=())


def _search_times(snapshot: Snapshot, queries: Sequence[Query]) -> Mapping[str, float]:
    """Return the milliseconds of the whole search, and of its stages, each called alone."""
    for query in queries[:WARM_UP_QUESTIONS]:
        rank(_everything(snapshot), query)
    among = snapshot.searchable
    stages: Mapping[str, Callable[[Query], object]] = {
        "whole": lambda query: rank(_everything(snapshot), query),
        "lexical": lambda query: highest(snapshot, snapshot.bm25.scores(query.terms), DEPTH, among.rows),
        "paragraph": lambda query: nearest(snapshot, query.vector, DEPTH, among),
        "sentence": lambda query: nearest_by_sentence(snapshot, query.vector, DEPTH * SENTENCES_PER_PARAGRAPH, among),
    }
    times = {name: np.array([_timed(stage, query) for query in queries]) for name, stage in stages.items()}
    p50 = {name: float(np.median(each[:, 1])) for name, each in times.items()}
    wall, cpu = times["whole"].T
    return {
        "p50": float(np.median(wall)),
        "p99": float(np.percentile(wall, 99)),
        "cpu_p50": p50["whole"],
        "cpu_p99": float(np.percentile(cpu, 99)),
        "lexical_p50": p50["lexical"],
        "paragraph_p50": p50["paragraph"],
        "sentence_p50": p50["sentence"],
        "rest_p50": p50["whole"] - p50["lexical"] - p50["paragraph"] - p50["sentence"],
    }


def _change(snapshot: Snapshot, manifest: Mapping[str, str], query: Query, document: int) -> None:
    """Replace a document in the snapshot, as a durable change does, and search."""
    segment = snapshot.segments[0]
    rows = np.flatnonzero(segment.document_rows == document)
    paragraphs = [
        IndexedParagraph(
            number=at + 1, text=TEXT, vector=vector, sentences=vector.reshape(1, -1), tokens=segment.tokens[row]
        )
        for at, row in enumerate(rows.tolist())
        for vector in [segment.vectors.vectors[segment.unit_offsets[row]]]
    ]
    name = segment.documents.ids[document].decode()
    document_rows = IndexedDocument(
        document_id=name, digest=schema.EMPTY_CORPUS, publisher=None, published=None, rows=tuple(paragraphs)
    )
    builder = SegmentBuilder(segment.vectors.vectors.shape[1])
    builder.add(document_rows)
    changed = Snapshot.of(snapshot.segment_set.updated([name], builder.build()), manifest)
    rank(_everything(changed), query)


def _timed(call: Callable[[T], object], argument: T) -> tuple[float, float]:
    """Return wall-clock and CPU time in milliseconds."""
    started, cpu_started = time.perf_counter(), time.thread_time()
    call(argument)
    return (time.perf_counter() - started) * 1000, (time.thread_time() - cpu_started) * 1000


def _resident_memory() -> Mapping[str, float]:
    """Return the resident memory of this process, and the share of mapped files in it, in megabytes."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    kilobytes = {name: int(status[name].split()[0]) for name in ("VmRSS", "RssFile")}
    return {"rss_mb": kilobytes["VmRSS"] / 1024, "rss_files_mb": kilobytes["RssFile"] / 1024}


def _recalls(snapshot: Snapshot, queries: Sequence[Query]) -> Mapping[str, float]:
    """Return the share of the exact nearest paragraphs and sentences that the searches by vector find."""
    segment = snapshot.segments[0]
    questions = np.stack([query.vector for query in queries])
    paragraphs = segment.unit_offsets[:-1]
    is_sentence = np.ones(len(segment.vectors), dtype=bool)
    is_sentence[paragraphs[np.diff(segment.unit_offsets) > 1]] = False
    exact_paragraphs = segment.rows_of_units(_exact_nearest(segment.vectors.vectors, paragraphs, questions))
    exact_sentences = segment.rows_of_units(
        _exact_nearest(segment.vectors.vectors, np.flatnonzero(is_sentence), questions)
    )
    among = snapshot.searchable
    by_paragraph = [nearest(snapshot, query.vector, DEPTH, among) for query in queries]
    depth = DEPTH * SENTENCES_PER_PARAGRAPH
    by_sentence = [nearest_by_sentence(snapshot, query.vector, depth, among) for query in queries]
    return {
        "recall_paragraphs": _recall(exact_paragraphs, by_paragraph),
        "recall_sentences": _recall(exact_sentences, by_sentence),
    }


def _exact_nearest(vectors: Matrix, units: Rows, questions: Matrix) -> Rows:
    """Return for each question the nearest units, by comparing all of them."""
    best = np.full((len(questions), RECALL_DEPTH), -2, dtype=np.float32)
    rows = np.zeros((len(questions), RECALL_DEPTH), dtype=np.int64)
    for start in range(0, len(units), BLOCK_ROWS):
        block = units[start : start + BLOCK_ROWS]
        scores = np.concatenate([best, questions @ vectors[block].T], axis=1)
        candidates = np.concatenate([rows, np.broadcast_to(block, (len(questions), len(block)))], axis=1)
        chosen = np.argpartition(-scores, RECALL_DEPTH - 1, axis=1)[:, :RECALL_DEPTH]
        best, rows = np.take_along_axis(scores, chosen, 1), np.take_along_axis(candidates, chosen, 1)
    return rows


def _recall(exact: Rows, found: Sequence[Rows]) -> float:
    shares = [
        len(set(expected.tolist()) & set(actual.tolist())) / len(set(expected.tolist()))
        for expected, actual in zip(exact, found, strict=True)
    ]
    return float(np.mean(shares))
