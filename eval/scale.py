"""The scale curve: what the search stages take, find and hold from a thousand paragraphs to a million.

Each size is measured in a process of its own on a base made without a catalog: a catalog's part of a start is opening
one file and asking an index for the documents that are newer. The exact neighbours are found afterwards, by comparing
every vector.

Run: python -m eval.scale --sizes 1000,10000,100000,1000000 --bench BENCH --data DIR [--json FILE] [--markdown FILE]
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
import typer

from eval.scale_rows import Real
from index import derived, schema
from index.building import SegmentBuilder
from index.embedder import Matrix, load_embedder
from index.holdings import Holdings
from index.reading import CLEANER_VERSION
from index.records import IndexedDocument, Row
from index.retrieval import DEPTH, SENTENCES_A_PARAGRAPH, Query, rank
from index.snapshot import Snapshot
from index.vectors import Rows

QUESTIONS = "questions.npy"
WARM_UP = 20
TOP = 10
EXACT = 100
"""Questions whose exact neighbours are looked for."""
CHANGES = 5
TEXT = "The ministry said on Tuesday that the bridge near the border would be repaired before the harbour opens again."
BLOCK = 100_000
MEGABYTE = 1 << 20
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A question is measured on one core; the others are for those asked beside it."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One size of the curve; times are milliseconds unless they say seconds, memory is megabytes.

    Those of parts are of the processor: on a machine that others use they are what an idle one would take.
    """

    paragraphs: int
    units: int
    questions: int
    built_seconds: float
    paragraphs_a_second: float
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


def main(
    bench: Annotated[Path, typer.Option(help="Folder with squad2 and scifact.")],
    data: Annotated[Path, typer.Option(help="Folder for what is made; bases are kept there and made once.")],
    sizes: Annotated[str, typer.Option(help="Numbers of paragraphs.")] = "1000,10000,100000",
    sentences: Annotated[int, typer.Option(help="Real sentences that are embedded.")] = 20_000,
    json_file: Annotated[Path | None, typer.Option("--json")] = None,
    markdown: Annotated[Path | None, typer.Option()] = None,
    measure: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Measure each size in a process of its own, and write the curve."""
    if measure is not None:
        typer.echo(json.dumps(measured(data, measure)))
        return
    real = Real.embedded(bench, sentences, load_embedder(), data)
    keep_questions(real.questions, data)
    points = []
    for size in sorted(int(size) for size in sizes.split(",")):
        make(real, data, size)
        command = [
            sys.executable,
            "-m",
            "eval.scale",
            "--bench",
            str(bench),
            "--data",
            str(data),
            "--measure",
            str(size),
        ]
        told = subprocess.run(  # noqa: S603 - our own module
            command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | ONE_THREAD
        )
        points.append(Point(**json.loads(told.stdout.splitlines()[-1])))
        typer.echo(json.dumps(asdict(points[-1])), err=True)
    shown = as_markdown(points, real_sentences=len(real.sentences))
    typer.echo(shown)
    if json_file:
        json_file.write_text(json.dumps([asdict(point) for point in points], indent=1))
    if markdown:
        markdown.write_text(shown)


def as_markdown(points: Sequence[Point], *, real_sentences: int) -> str:
    """The curve as a table, with what is real in it and what is drawn."""
    rows: Mapping[str, Callable[[Point], str]] = {
        "paragraphs": lambda point: f"{point.paragraphs:,}",
        "vectors, with those of the sentences": lambda point: f"{point.units:,}",
        "search, p50 / p99 ms": lambda point: f"{point.p50:.1f} / {point.p99:.1f}",
        "search, p50 / p99 ms of the processor": lambda point: f"{point.cpu_p50:.1f} / {point.cpu_p99:.1f}",
        "of it BM25, p50 ms": lambda point: f"{point.lexical_p50:.1f}",
        "of it paragraph vectors, p50 ms": lambda point: f"{point.paragraph_p50:.1f}",
        "of it sentence vectors, p50 ms": lambda point: f"{point.sentence_p50:.1f}",
        "of it scoring, fusion, late interaction, p50 ms": lambda point: f"{point.rest_p50:.1f}",
        "a document of ten paragraphs put, until it is searched, p50 ms": lambda point: f"{point.change_p50:.0f}",
        f"recall@{TOP} of paragraphs by vector": lambda point: f"{point.recall_paragraphs:.3f}",
        f"recall@{TOP} of sentences by vector": lambda point: f"{point.recall_sentences:.3f}",
        "resident memory, MB (of it mapped files)": lambda point: f"{point.rss_mb:.0f} ({point.rss_files_mb:.0f})",
        "start to the first answer, s": lambda point: f"{point.start_seconds:.2f}",
        "built, paragraphs a second": lambda point: f"{point.paragraphs_a_second:,.0f}",
        "on disk, MB": lambda point: f"{point.disk_mb:,.0f}",
    }
    (head, first), *others = rows.items()
    lines = [_line(head, map(first, points)), _line("---", ["---:"] * len(points))]
    lines += [_line(name, map(shown, points)) for name, shown in others]
    told = (
        f"The first {real_sentences:,} sentences and their vectors are real; what is beyond is drawn around them"
        " (`eval/scale_rows.py` says how); of a paragraph eight tokens are kept. Encoding the question is not in it."
    )
    return "\n".join([*lines, "", told, ""])


def _line(name: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join([name, *cells])} |"


def keep_questions(questions: Sequence[Query], data: Path) -> None:
    """Write the questions for the processes that ask them."""
    np.save(data / QUESTIONS, np.array(list(questions), dtype=object))


def make(real: Real, data: Path, size: int) -> None:
    """Make a base of so many paragraphs, unless it is there."""
    folder = data / f"{size}"
    if (folder / "made.json").exists():
        return
    manifest = _manifest(size, real.vectors.shape[1])
    started = time.perf_counter()
    derived.make(real.documents(size), manifest, folder)
    (folder / "made.json").write_text(json.dumps({"seconds": time.perf_counter() - started, "manifest": manifest}))


def _manifest(size: int, dimension: int) -> Mapping[str, str]:
    names = ("model", "model_sha256", "model_files")
    counts = {"dimension": dimension, "documents": -(-size // 10), "passages": size, "revision": 1}
    return {**dict.fromkeys(names, "scale"), "cleaner": CLEANER_VERSION, "corpus": schema.NO_CORPUS} | {
        name: str(count) for name, count in counts.items()
    }


def measured(data: Path, size: int) -> Mapping[str, Any]:
    """What a Point holds, of a base that was made."""
    queries: list[Query] = np.load(data / QUESTIONS, allow_pickle=True).tolist()
    folder = data / f"{size}"
    made = json.loads((folder / "made.json").read_text())
    started = time.perf_counter()
    base = derived.load(folder, made["manifest"])
    assert base is not None  # noqa: S101 - `make` has made it
    segment = base.segment
    snapshot = Snapshot.of(Holdings.of_base(segment), made["manifest"])
    rank(snapshot, queries[0])
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
        **_recalls(snapshot, exact),
        **resident,
    }


def _times(snapshot: Snapshot, queries: Sequence[Query]) -> Mapping[str, float]:
    """Milliseconds of the whole search, and of its parts asked for apart from each other."""
    for query in queries[:WARM_UP]:
        rank(snapshot, query)
    among = snapshot.everything
    parts: Mapping[str, Callable[[Query], object]] = {
        "whole": lambda query: rank(snapshot, query),
        "lexical": lambda query: snapshot.highest(snapshot.lexicon.scores(query.terms), DEPTH, among.rows),
        "paragraph": lambda query: snapshot.nearest(query.vector, DEPTH, among),
        "sentence": lambda query: snapshot.nearest_by_sentence(query.vector, DEPTH * SENTENCES_A_PARAGRAPH, among),
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
        document_id=name, digest=schema.NO_CORPUS, publisher=None, published=None, rows=tuple(paragraphs)
    )
    builder = SegmentBuilder(segment.vectors.vectors.shape[1])
    builder.add(again)
    rank(Snapshot.of(snapshot.holdings.changed([name], builder.done()), manifest), query)


def _timed(part: Callable[[T], object], given: T) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor."""
    started, worked = time.perf_counter(), time.thread_time()
    part(given)
    return (time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000


def _recalls(snapshot: Snapshot, queries: Sequence[Query]) -> Mapping[str, float]:
    """The share of the exact nearest that are found."""
    segment = snapshot.segments[0]
    questions = np.stack([query.vector for query in queries])
    paragraphs = segment.unit_offsets[:-1]
    is_sentence = np.ones(len(segment.vectors), dtype=bool)
    is_sentence[paragraphs[np.diff(segment.unit_offsets) > 1]] = False
    exact_paragraphs = segment.owners(_nearest(segment.vectors.vectors, paragraphs, questions))
    exact_sentences = segment.owners(_nearest(segment.vectors.vectors, np.flatnonzero(is_sentence), questions))
    among = snapshot.everything
    found = [snapshot.nearest(query.vector, DEPTH, among) for query in queries]
    depth = DEPTH * SENTENCES_A_PARAGRAPH
    said = [snapshot.nearest_by_sentence(query.vector, depth, among) for query in queries]
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


def _resident() -> Mapping[str, float]:
    """Memory that this process holds, and how much of it are pages of files that it has looked at."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    kilobytes = {name: int(told[name].split()[0]) for name in ("VmRSS", "RssFile")}
    return {"rss_mb": kilobytes["VmRSS"] / 1024, "rss_files_mb": kilobytes["RssFile"] / 1024}


if __name__ == "__main__":
    typer.run(main)
