"""The scale curve: times, recall and memory of the search stages, from a thousand paragraphs to a million.

Each size is measured in a separate process, on a base segment without a catalog: at the start, a catalog adds only the
opening of one file and the look-up of the documents that are newer than the base.

Run: python -m wherefrom.eval.benchmarks.scale.run --sizes 1000,10000,100000,1000000 --bench BENCH --data FOLDER
    [--json FILE] [--markdown FILE]
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wherefrom.eval.benchmarks.scale.measures import RECALL_DEPTH, ScalePoint, measure_base
from wherefrom.eval.benchmarks.scale.synthetic_corpus import SentencePool, build_base, save_questions
from wherefrom.index.embedding.loader import load_embedder

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A question is measured on one core: the service answers other questions on the others."""


def main(
    bench: Annotated[Path, typer.Option(help="A folder with squad2 and scifact.")],
    data: Annotated[Path, typer.Option(help="Folder that keeps the bases, each of which is built once.")],
    sizes: Annotated[str, typer.Option(help="Numbers of paragraphs, separated by commas.")] = "1000,10000,100000",
    sentences: Annotated[int, typer.Option(help="Number of real sentences to embed.")] = 20_000,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the points to this file.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the table to this file.")] = None,
    measure: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Measure each size in its own process, and write the curve."""
    if measure is not None:
        typer.echo(json.dumps(asdict(measure_base(data, measure))))
        return
    pool = SentencePool.embed(bench, sentences, load_embedder(), data)
    save_questions(pool.questions, data)
    points = []
    for size in sorted(int(size) for size in sizes.split(",")):
        build_base(pool, data, size)
        command = [
            sys.executable,
            "-m",
            "wherefrom.eval.benchmarks.scale.run",
            "--bench",
            str(bench),
            "--data",
            str(data),
            "--measure",
            str(size),
        ]
        done = subprocess.run(  # noqa: S603 - our own module
            command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | ONE_THREAD
        )
        points.append(ScalePoint(**json.loads(done.stdout.splitlines()[-1])))
        typer.echo(json.dumps(asdict(points[-1])), err=True)
    table = as_markdown(points, real_sentences=len(pool.sentences))
    typer.echo(table)
    if json_file:
        json_file.write_text(json.dumps([asdict(point) for point in points], indent=1))
    if markdown:
        markdown.write_text(table)


def as_markdown(points: Sequence[ScalePoint], *, real_sentences: int) -> str:
    """Return the curve as a table, with a note on which data are real and which are synthetic."""
    rows: Mapping[str, Callable[[ScalePoint], str]] = {
        "paragraphs": lambda point: f"{point.paragraphs:,}",
        "vectors of paragraphs and sentences": lambda point: f"{point.units:,}",
        "search, p50 / p99 ms": lambda point: f"{point.p50:.1f} / {point.p99:.1f}",
        "search, p50 / p99 ms of CPU time": lambda point: f"{point.cpu_p50:.1f} / {point.cpu_p99:.1f}",
        "BM25 stage, p50 ms": lambda point: f"{point.lexical_p50:.1f}",
        "paragraph vector stage, p50 ms": lambda point: f"{point.paragraph_p50:.1f}",
        "sentence vector stage, p50 ms": lambda point: f"{point.sentence_p50:.1f}",
        "scoring, fusion and late interaction, p50 ms": lambda point: f"{point.rest_p50:.1f}",
        "replacing a document of ten paragraphs until searches see it, p50 ms": lambda point: f"{point.change_p50:.0f}",
        f"recall@{RECALL_DEPTH} of paragraphs by vector": lambda point: f"{point.recall_paragraphs:.3f}",
        f"recall@{RECALL_DEPTH} of sentences by vector": lambda point: f"{point.recall_sentences:.3f}",
        "resident memory, MB (mapped files)": lambda point: f"{point.rss_mb:.0f} ({point.rss_files_mb:.0f})",
        "from start to the first answer, s": lambda point: f"{point.start_seconds:.2f}",
        "build speed, paragraphs/s": lambda point: f"{point.paragraphs_per_second:,.0f}",
        "on disk, MB": lambda point: f"{point.disk_mb:,.0f}",
    }
    (head, first), *others = rows.items()
    lines = [_table_row(head, map(first, points)), _table_row("---", ["---:"] * len(points))]
    lines += [_table_row(name, map(shown, points)) for name, shown in others]
    note = (
        f"The first {real_sentences:,} sentences and their vectors are real; further ones are synthetic variations of"
        " them, described in `eval/benchmarks/scale/synthetic_corpus.py`. A paragraph has at most eight token vectors."
        " Encoding the question is not included."
    )
    return "\n".join([*lines, "", note, ""])


def _table_row(name: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join([name, *cells])} |"


if __name__ == "__main__":
    typer.run(main)
