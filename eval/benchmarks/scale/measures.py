"""What one base of the scale curve takes, finds and holds; asked for in a process of its own."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from wherefrom.eval.benchmarks.scale.bases import QUESTIONS
from wherefrom.eval.benchmarks.scale.recall import recalls
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
from wherefrom.index.storage.rows import IndexedDocument, Row

WARM_UP = 20
EXACT = 100
"""Questions whose exact neighbours are looked for."""
CHANGES = 5
TEXT = "The ministry said on Tuesday that the bridge near the border would be repaired before the harbour opens again."
MEGABYTE = 1 << 20
T = TypeVar("T")


def measured(data: Path, size: int) -> Mapping[str, Any]:
    """What a Point holds, of a base that was made."""
    queries: list[Query] = np.load(data / QUESTIONS, allow_pickle=True).tolist()
    folder = data / f"{size}"
    made = json.loads((folder / "made.json").read_text())
    started = time.perf_counter()
    base = base_store.load(folder, made["manifest"])
    assert base is not None  # noqa: S101 - `make` has made it
    segment = base.segment
    snapshot = Snapshot.of(SegmentSet.of_base(segment), made["manifest"])
    rank(_everything(snapshot), queries[0])
    start_seconds = time.perf_counter() - started
    times = _times(snapshot, queries)
    resident = _resident()
    changing = [_timed(partial(_change, snapshot, made["manifest"], queries[0]), at) for at in range(CHANGES)]
    exact = queries[:EXACT]
    return {
        "paragraphs": size,
        "units": len(segment.vectors),
        "questions": len(queries),
        "built_seconds": made["seconds"],
        "paragraphs_a_second": size / made["seconds"],
        "disk_mb": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MEGABYTE,
        "start_seconds": start_seconds,
        **times,
        "change_p50": float(np.median([processor for _, processor in changing])),
        **recalls(snapshot, exact),
        **resident,
    }


def _everything(snapshot: Snapshot) -> SnapshotScope:
    return SnapshotScope(snapshot=snapshot, allowed=None, warnings=())


def _times(snapshot: Snapshot, queries: Sequence[Query]) -> Mapping[str, float]:
    """Milliseconds of the whole search, and of its parts asked for apart from each other."""
    for query in queries[:WARM_UP]:
        rank(_everything(snapshot), query)
    among = snapshot.searchable
    parts: Mapping[str, Callable[[Query], object]] = {
        "whole": lambda query: rank(_everything(snapshot), query),
        "lexical": lambda query: highest(snapshot, snapshot.bm25.scores(query.terms), DEPTH, among.rows),
        "paragraph": lambda query: nearest(snapshot, query.vector, DEPTH, among),
        "sentence": lambda query: nearest_by_sentence(snapshot, query.vector, DEPTH * SENTENCES_PER_PARAGRAPH, among),
    }
    took = {name: np.array([_timed(part, query) for query in queries]) for name, part in parts.items()}
    p50 = {name: float(np.median(each[:, 1])) for name, each in took.items()}
    wall, processor = took["whole"].T
    return {
        "p50": float(np.median(wall)),
        "p99": float(np.percentile(wall, 99)),
        "cpu_p50": p50["whole"],
        "cpu_p99": float(np.percentile(processor, 99)),
        "lexical_p50": p50["lexical"],
        "paragraph_p50": p50["paragraph"],
        "sentence_p50": p50["sentence"],
        "rest_p50": p50["whole"] - p50["lexical"] - p50["paragraph"] - p50["sentence"],
    }


def _change(snapshot: Snapshot, manifest: Mapping[str, str], query: Query, document: int) -> None:
    """Put a document of the collection again, as a change does once it is durable, and ask."""
    segment = snapshot.segments[0]
    rows = np.flatnonzero(segment.document_rows == document)
    paragraphs = [
        Row(number=at + 1, text=TEXT, vector=vector, sentences=vector.reshape(1, -1), tokens=segment.tokens[row])
        for at, row in enumerate(rows.tolist())
        for vector in [segment.vectors.vectors[segment.unit_offsets[row]]]
    ]
    name = segment.documents.ids[document].decode()
    again = IndexedDocument(
        document_id=name, digest=schema.EMPTY_CORPUS, publisher=None, published=None, rows=tuple(paragraphs)
    )
    builder = SegmentBuilder(segment.vectors.vectors.shape[1])
    builder.add(again)
    changed = Snapshot.of(snapshot.segment_set.updated([name], builder.build()), manifest)
    rank(_everything(changed), query)


def _timed(part: Callable[[T], object], given: T) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor."""
    started, worked = time.perf_counter(), time.thread_time()
    part(given)
    return (time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000


def _resident() -> Mapping[str, float]:
    """Memory that this process holds, and how much of it are pages of files that it has looked at."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    kilobytes = {name: int(told[name].split()[0]) for name in ("VmRSS", "RssFile")}
    return {"rss_mb": kilobytes["VmRSS"] / 1024, "rss_files_mb": kilobytes["RssFile"] / 1024}
