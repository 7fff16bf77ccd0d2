"""Which BM25 library: bm25s, tantivy and SQLite FTS5 on the same tokens, every figure from a fresh process.

    python -m wherefrom.eval.benchmarks.bm25_libraries.compare --bench BENCH --paragraphs 100000

Large collections are made: a paragraph is five random sentences of SciFact and SQuAD 2.0 and a made-up word;
ranking is measured on the real ones. tantivy is no dependency of the project: install it to run this.
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


def facts(library: str) -> Cells:
    """Version and installed size."""
    if library == "FTS5":
        return {"version": sqlite3.sqlite_version, "installed": "with Python"}
    package = metadata.distribution(library)
    size = sum(Path(str(file.locate())).stat().st_size for file in package.files or [])
    return {"version": package.version, "installed": f"{size / 1e6:.1f} MB"}


def cell(library: str, stage: str, folder: Path, bench: Path, count: int) -> Cells:
    """One stage of one library; runs in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    return STAGES[stage](LIBRARIES[library](folder), bench, count)


def compare(
    bench: Annotated[Path, typer.Option(help="The folder that holds scifact/ and squad2/.")],
    paragraphs: Annotated[int, typer.Option(help="How many made-up paragraphs to time with.")] = 100_000,
    library: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
    stage: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
) -> None:
    """Measure the libraries and print a Markdown table."""
    columns = {name: facts(name) for name in library or LIBRARIES}
    fresh = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), max_tasks_per_child=1)
    with tempfile.TemporaryDirectory(prefix="lexicons-") as scratch, fresh:
        for name, cells in columns.items():
            for step in stage or STAGES:
                folder = Path(scratch) / name / ("build" if step == "serve" else step)
                cells.update(fresh.submit(cell, name, step, folder, bench, paragraphs).result())
    lines = [f"| {paragraphs:,} paragraphs | {' | '.join(columns)} |", "| --- " * (len(columns) + 1) + "|"]
    titles = next(iter(columns.values()))
    lines += [f"| {title} | {' | '.join(cells[title] for cells in columns.values())} |" for title in titles]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    typer.run(compare)
