"""Compares the stages of a search on both engines, with the paragraphs of the scale curve.

The paragraphs are stored in PostgreSQL with their vectors, so that nothing is embedded, and Milvus is built from there.
A second Milvus, without sparse vectors, is built from the same PostgreSQL afterwards. Existing data in the folder, the
database and Milvus is used again.

Run: python -m wherefrom.eval.benchmarks.scale.engines --bench BENCH --data FOLDER --size 100000
    --postgres-dsn DSN --milvus-uri URI [--dense-milvus-uri URI] [--json FILE] [--markdown FILE]
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Annotated, cast
from unittest.mock import patch

import typer

from wherefrom.eval.benchmarks.scale.cluster_corpus import fill
from wherefrom.eval.benchmarks.scale.engine_stages import (
    BY_PARAGRAPH,
    BY_SENTENCE,
    BY_TERMS,
    CANDIDATES,
    POSTGRES,
    SECOND_STAGE,
    STATE,
    TOP_K,
    WHOLE,
    EnginePoint,
    measure_cluster,
    measure_embedded,
)
from wherefrom.eval.benchmarks.scale.synthetic_corpus import SentencePool, build_base, save_questions
from wherefrom.eval.measurement.milvus_server import flush, server_name
from wherefrom.index.cluster import milvus
from wherefrom.index.cluster.engine import ClusterEngine
from wherefrom.index.cluster.milvus import Layout
from wherefrom.index.cluster.scope import ClusterScope
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.types import Filters

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A question is measured on one core: the service answers other questions on the others."""
BUILD_SECONDS = 3_600.0
"""Time limit for building the collections of Milvus."""
POLL_SECONDS = 0.2
DENSE = Layout(shards=2, has_terms=False)
"""The collections of a Milvus without sparse vectors."""
STAGES: Mapping[str, str] = {
    STATE: "holding a revision",
    BY_PARAGRAPH: "nearest paragraphs",
    BY_SENTENCE: "nearest sentences",
    BY_TERMS: "BM25",
    CANDIDATES: "vectors and scores of the candidates",
    SECOND_STAGE: "fusion and late interaction",
    WHOLE: "a search",
    POSTGRES: "of it, waiting for PostgreSQL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An engine, by its name in the table, with its measures; `built` is the time of building Milvus, in seconds."""

    name: str
    point: EnginePoint
    built: float | None = None


def main(  # noqa: PLR0913 - one argument per option
    *,
    bench: Annotated[Path, typer.Option(help="A folder with squad2 and scifact.")],
    data: Annotated[Path, typer.Option(help="Folder that keeps the base, which is built once.")],
    postgres_dsn: Annotated[str, typer.Option(envvar="WHEREFROM_POSTGRES_DSN", help="Connection string.")],
    milvus_uri: Annotated[str, typer.Option(envvar="WHEREFROM_MILVUS_URI", help="The address of Milvus.")],
    dense_milvus_uri: Annotated[
        str | None, typer.Option(envvar="DENSE_MILVUS_URI", help="Address of a Milvus without sparse vectors.")
    ] = None,
    size: Annotated[int, typer.Option(help="Number of paragraphs.")] = 100_000,
    sentences: Annotated[int, typer.Option(help="Number of real sentences to embed.")] = 20_000,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the points to this file.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the table to this file.")] = None,
    measure: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Measure each engine in a process of its own, and write the table."""
    if measure == "embedded":
        typer.echo(json.dumps(asdict(measure_embedded(data, size))))
        return
    embedder = load_embedder()
    if measure is not None:
        layout = DENSE if measure == "dense" else Layout()
        uri = dense_milvus_uri if measure == "dense" else milvus_uri
        slow = patch.object(milvus, "TIMEOUT_SECONDS", BUILD_SECONDS)
        with slow, opened(postgres_dsn, str(uri), embedder, layout) as engine:
            typer.echo(json.dumps(asdict(measure_cluster(engine, data, has_terms=layout.has_terms))))
        return
    pool = SentencePool.embed(bench, sentences, embedder, data)
    save_questions(pool.questions, data)
    build_base(pool, data, size)
    command = [sys.executable, "-m", "wherefrom.eval.benchmarks.scale.engines", "--bench", str(bench)]
    command += ["--data", str(data), "--size", str(size), "--postgres-dsn", postgres_dsn, "--milvus-uri", milvus_uri]
    command += ["--dense-milvus-uri", dense_milvus_uri] if dense_milvus_uri else []
    measured = [Measured(name="embedded", point=_in_own_process([*command, "--measure", "embedded"]))]
    with opened(postgres_dsn, milvus_uri, embedder, Layout()) as engine:
        fill(engine, pool, size)
        settle(engine, milvus_uri)
    name = f"cluster, {server_name(milvus_uri)}"
    measured.append(Measured(name=name, point=_in_own_process([*command, "--measure", "cluster"])))
    if dense_milvus_uri:
        started = perf_counter()
        with opened(postgres_dsn, dense_milvus_uri, embedder, DENSE) as engine:
            settle(engine, dense_milvus_uri)
        built = perf_counter() - started
        name = f"cluster, {server_name(dense_milvus_uri)}, {DENSE.shards} shards, no BM25"
        point = _in_own_process([*command, "--measure", "dense"])
        measured.append(Measured(name=name, point=point, built=built))
    text = as_markdown(measured, size)
    typer.echo(text)
    if json_file:
        json_file.write_text(json.dumps([asdict(each) for each in measured], indent=1))
    if markdown:
        markdown.write_text(text)


def as_markdown(measured: Sequence[Measured], size: int) -> str:
    """Return the stages as a table, one column for each engine."""
    first = measured[0].point
    rows = [_row(f"p50 / p99 ms, {size:,} paragraphs", (each.name for each in measured))]
    rows.append(_row("---", ["---:"] * len(measured)))
    for stage, name in STAGES.items():
        rows.append(_row(name, (_percentiles(each.point, stage) for each in measured)))
    rows.append(_row("statements of PostgreSQL for a search", (f"{each.point.statements:.0f}" for each in measured)))
    rows.append(
        _row(f"questions with the same first {TOP_K} as embedded", (_same(each.point, first) for each in measured))
    )
    note = (
        f"The paragraphs and the {len(first.rankings)} questions of the scale curve; each search by itself, and all"
        " together, by the clock on the wall, in one process that asks one question after the other. In a cluster the"
        " searches wait for Milvus at the same time; its rows have been flushed into segments, and it may take longer"
        " than a service would wait. Without BM25, other paragraphs come first. Encoding the question is not included."
        " The load of the machine was"
        f" {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )
    built = [
        f"Building {each.name} from PostgreSQL, without embedding: {each.built:,.0f} s."
        for each in measured
        if each.built
    ]
    return "\n".join([*rows, "", " ".join([note, *built]), ""])


def settle(engine: ClusterEngine, uri: str) -> None:
    """Wait until Milvus, which may have been replaced, has all stored documents in flushed segments."""
    while True:
        engine.wait_until_searchable(BUILD_SECONDS)
        with engine.state() as state:
            searched = cast("ClusterScope", state.scope(Filters())).searched
        build = searched.build
        if searched.milvus.has(build):
            break
        sleep(POLL_SECONDS)
    for kind in milvus.KINDS:
        flush(uri, milvus.collection_name(build, kind))


@contextmanager
def opened(dsn: str, uri: str, embedder: Embedder, layout: Layout) -> Iterator[ClusterEngine]:
    """Yield the engine of a cluster, and close it on exit."""
    engine = ClusterEngine.open(dsn, uri, embedder, layout=layout)
    try:
        yield engine
    finally:
        engine.close()


def _in_own_process(command: Sequence[str]) -> EnginePoint:
    """Run this module in another process, and return its measures."""
    done = subprocess.run(  # noqa: S603 - our own module
        command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | ONE_THREAD
    )
    point = json.loads(done.stdout.splitlines()[-1])
    return EnginePoint(
        stages={name: (times[0], times[1]) for name, times in point["stages"].items()},
        rankings=[[(place[0], place[1]) for place in ranking] for ranking in point["rankings"]],
        statements=point["statements"],
    )


def _percentiles(point: EnginePoint, stage: str) -> str:
    if stage not in point.stages:
        return "-"
    p50, p99 = point.stages[stage]
    return f"{p50:.1f} / {p99:.1f}"


def _same(point: EnginePoint, first: EnginePoint) -> str:
    equal = sum(one == other for one, other in zip(point.rankings, first.rankings, strict=True))
    return f"{100 * equal / max(len(first.rankings), 1):.1f} %"


def _row(name: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join([name, *cells])} |"


if __name__ == "__main__":
    typer.run(main)
