"""`wherefrom index` with and without the workers of a Ray cluster on this machine: throughput, and equality of results.

    python -m wherefrom.eval.benchmarks.ray_indexing BEIR_FOLDER --articles 1000 --rounds 3

Prints the section of docs/benchmarks.md. The corpus is one JSON Lines file. Each command is measured from its start to
its end, with all articles and with the first article alone, which gives the time of the start.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer

from wherefrom.eval.datasets.beir import CORPUS
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.reports.doc_sections import Section, table
from wherefrom.index.cores import available_cores
from wherefrom.index.transfer.stored_documents import StoredDocument, open_collection

COMMANDS: Mapping[str, Sequence[str]] = {"wherefrom index": (), "wherefrom index --ray": ("--ray",)}
"""The flags of each measured command."""
LOG_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTimes:
    """The seconds of each round: all articles, and the first one alone."""

    whole: Sequence[float]
    start: Sequence[float]

    def rate(self, articles: int) -> float:
        """Return the articles a second, without the start."""
        return (articles - 1) / max(statistics.median(self.whole) - statistics.median(self.start), 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDifference:
    """The differences of two indexes: the number of other document digests, and the largest of any vector element."""

    documents: int
    other_digests: int
    largest: float


def main(
    folder: Annotated[Path, typer.Argument(help="A BEIR folder.")],
    *,
    articles: Annotated[int, typer.Option(help="Maximum number of articles to index.")] = 1_000,
    rounds: Annotated[int, typer.Option(help="Rounds in which each command is measured.")] = 3,
) -> None:
    """Measure, and print the section."""
    with TemporaryDirectory(prefix="wherefrom-ray-") as work:
        typer.echo(ray_section(folder, Path(work), articles=articles, rounds=rounds).text)


def ray_section(folder: Path, work: Path, *, articles: int, rounds: int, models: Path | None = None) -> Section:
    """Return the section of docs/benchmarks.md. Raise EvalDataError if a command fails.

    `models` is the folder of exported models, by default that of the environment.
    """
    environment = os.environ | ({"WHEREFROM_MODELS": str(models)} if models else {})
    first, corpus = work / "first.jsonl", work / CORPUS
    write_articles(folder / CORPUS, first, 1)
    count = write_articles(folder / CORPUS, corpus, articles)
    seconds: dict[tuple[str, Path], list[float]] = {}
    for number in range(rounds):
        for file in (first, corpus):
            for name, flags in COMMANDS.items():
                data = work / f"{file.stem}-{len(flags)}-{number}"
                seconds.setdefault((name, file), []).append(index_seconds(file, data, flags, environment))
                typer.echo(f"{name}, {file.name}: {seconds[name, file][-1]:.1f} s", err=True)
    times = {name: CommandTimes(whole=seconds[name, corpus], start=seconds[name, first]) for name in COMMANDS}
    difference = compare_indexes(*(work / f"{corpus.stem}-{len(flags)}-0" for flags in COMMANDS.values()))
    return section_of(times, difference, name=folder.resolve().name, articles=count, rounds=rounds)


def write_articles(corpus: Path, file: Path, limit: int) -> int:
    """Write the first `limit` lines of a corpus to a file, and return their number."""
    with corpus.open(encoding="utf-8") as lines:
        taken = list(islice(lines, limit))
    file.write_text("".join(taken), encoding="utf-8")
    return len(taken)


def index_seconds(file: Path, data: Path, flags: Sequence[str], environment: Mapping[str, str]) -> float:
    """Index a file into a new folder, and return the seconds that it takes. Raise EvalDataError."""
    command = [sys.executable, "-m", "wherefrom.service.cli.main", "index", str(file), "--data", str(data), *flags]
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise EvalDataError(file, f"cannot be indexed: {(done.stderr or done.stdout)[-LOG_CHARACTERS:]}")
    return seconds


def compare_indexes(first: Path, second: Path) -> IndexDifference:
    """Compare the documents and the vectors of two data folders."""
    documents = other = 0
    largest = 0.0
    with open_collection(first) as one, open_collection(second) as two:
        for stored, against in zip_longest(one.documents(), two.documents()):
            documents += 1
            if stored is None or against is None or stored.digest != against.digest:
                other += 1
            else:
                largest = max(largest, _largest_difference(stored, against))
    return IndexDifference(documents=documents, other_digests=other, largest=largest)


def _largest_difference(stored: StoredDocument, against: StoredDocument) -> float:
    pairs = list(zip(stored.vectors or (), against.vectors or (), strict=True))
    vectors = [(one.paragraph, two.paragraph) for one, two in pairs]
    vectors += [(one.sentences, two.sentences) for one, two in pairs]
    return max((float(np.abs(one - two).max()) for one, two in vectors if one.size), default=0.0)


def section_of(
    times: Mapping[str, CommandTimes], difference: IndexDifference, *, name: str, articles: int, rounds: int
) -> Section:
    """Format the figures as the section of docs/benchmarks.md."""
    rows = [
        ["", *(f"`{command}`" for command in times)],
        [f"{articles:,} articles, s", *(f"{statistics.median(each.whole):.1f}" for each in times.values())],
        ["one article: the start, s", *(f"{statistics.median(each.start):.1f}" for each in times.values())],
        ["articles/s, without the start", *(f"{each.rate(articles):.1f}" for each in times.values())],
    ]
    ordinary, on_ray = times.values()
    rounding = f"no number of a vector differs by more than {difference.largest:.1e}"
    faster = on_ray.rate(articles) / ordinary.rate(articles)
    lines = [
        "## Indexing on Ray",
        "",
        f"{articles:,} articles of {name}, one JSON Lines file, indexed with and without {available_cores()} workers",
        f"of a Ray cluster on this machine; medians of {rounds} rounds, in turn (load {os.getloadavg()[0]:.0f}).",
        "",
        table(rows),
        "",
        f"- without the start, the workers index {faster:.2f} times as many articles a second",
        f"- of {difference.documents:,} documents, {difference.other_digests:,} have another digest; {rounding}",
    ]
    return Section(text="\n".join(lines), plots={})


if __name__ == "__main__":
    typer.run(main)
