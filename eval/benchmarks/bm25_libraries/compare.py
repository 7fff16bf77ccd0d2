"""Compares bm25s, tantivy and SQLite FTS5 on the same tokens; every figure is from a fresh process.

    python -m wherefrom.eval.benchmarks.bm25_libraries.compare --bench BENCH --paragraphs 100000

Speed is measured on synthetic paragraphs, each of five random sentences of SciFact and SQuAD 2.0 and a unique word;
ranking is measured on the real collections. It needs the project's extra `compare`.
"""

import sqlite3
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import typer

from wherefrom.eval.benchmarks.bm25_libraries.libraries import LIBRARIES
from wherefrom.eval.benchmarks.bm25_libraries.stages import STAGES, Cells


def package_cells(library: str) -> Cells:
    """Return the version and the installed size of a library."""
    if library == "FTS5":
        return {"version": sqlite3.sqlite_version, "installed": "with Python"}
    package = metadata.distribution(library)
    size = sum(Path(str(file.locate())).stat().st_size for file in package.files or [])
    return {"version": package.version, "installed": f"{size / 1e6:.1f} MB"}


def measure_stage(library: str, stage: str, folder: Path, bench: Path, count: int) -> Cells:
    """Measure one stage of one library; runs in its own process."""
    folder.mkdir(parents=True, exist_ok=True)
    return STAGES[stage](LIBRARIES[library](folder), bench, count)


def main(
    bench: Annotated[Path, typer.Option(help="A folder with scifact and squad2.")],
    paragraphs: Annotated[int, typer.Option(help="Number of synthetic paragraphs to time with.")] = 100_000,
    library: Annotated[list[str] | None, typer.Option(help="Measure only this library; may be repeated.")] = None,
    stage: Annotated[list[str] | None, typer.Option(help="Run only this stage; may be repeated.")] = None,
) -> None:
    """Measure the libraries and print a Markdown table."""
    columns = {name: package_cells(name) for name in library or LIBRARIES}
    fresh = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), max_tasks_per_child=1)
    with tempfile.TemporaryDirectory(prefix="lexicons-") as scratch, fresh:
        for name, cells in columns.items():
            for step in stage or STAGES:
                folder = Path(scratch) / name / ("build" if step == "serve" else step)
                cells.update(fresh.submit(measure_stage, name, step, folder, bench, paragraphs).result())
    lines = [f"| {paragraphs:,} paragraphs | {' | '.join(columns)} |", "| --- " * (len(columns) + 1) + "|"]
    titles = next(iter(columns.values()))
    lines += [f"| {title} | {' | '.join(cells[title] for cells in columns.values())} |" for title in titles]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    typer.run(main)
