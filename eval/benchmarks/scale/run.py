"""The scale curve: what the search stages take, find and hold from a thousand paragraphs to a million.

Each size is measured in a process of its own on a base made without a catalog: a catalog's part of a start is opening
one file and asking an index for the documents that are newer. The exact neighbours are found afterwards, by comparing
every vector.

Run: python -m wherefrom.eval.benchmarks.scale.run --sizes 1000,10000,100000,1000000 --bench BENCH --data DIR [--json FILE] [--markdown FILE]
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wherefrom.eval.benchmarks.scale.bases import keep_questions, make
from wherefrom.eval.benchmarks.scale.measures import measured
from wherefrom.eval.benchmarks.scale.points import Point, as_markdown
from wherefrom.eval.benchmarks.scale.rows import Real
from wherefrom.index.embedding.loader import load_embedder

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A question is measured on one core; the others are for those asked beside it."""


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
            "wherefrom.eval.benchmarks.scale.run",
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


if __name__ == "__main__":
    typer.run(main)
