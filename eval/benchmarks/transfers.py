"""Measures export and import of an index, and its move to a cluster while a service answers: digests, time, memory.

    python -m wherefrom.eval.benchmarks.transfers DATA WORK POSTGRES_DSN MILVUS_URI

It runs the commands of `wherefrom` as a user does. It exports the data folder DATA to Parquet files, imports these into
a data folder, and exports that one; it moves DATA to a cluster, whose database should be empty, while a service on DATA
is asked 20 questions a second; and it exports the cluster and imports that export. Equal indexes have equal exports,
byte for byte. The copies stay in WORK. Prints the table of docs/export.md.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Annotated

import numpy as np
import typer

from wherefrom.eval.benchmarks.service_process import Service, running_service
from wherefrom.eval.benchmarks.writes_while_indexing import peak_mib
from wherefrom.eval.datasets.beir import QUERIES, load_queries
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.questions import EVAL, load_questions
from wherefrom.eval.reports.doc_sections import table
from wherefrom.index.files.file_hash import file_sha256

PORT = 18412
QUESTIONS_PER_SECOND = 20.0
CLIENTS = 64
"""Maximum number of questions that wait for their answers at the same time."""
ANSWER_TIMEOUT_SECONDS = 120
POLL_SECONDS = 0.1
LOG_CHARACTERS = 400
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFigures:
    """The last output of a command, its duration in seconds, and its peak memory with that of its children."""

    said: str
    seconds: float
    peak_mib: int


@dataclass(slots=True, kw_only=True)
class AnsweredQuestions:
    """The number of answers by status, and their latencies in milliseconds, counted from when a question was due.

    The status is 0 for an answer without passages, and -1 if there was no answer.
    """

    statuses: dict[int, int] = field(default_factory=dict)
    per_second: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    longest_ms: float = 0.0


@dataclass(slots=True, kw_only=True)
class Figures:
    """The figures of a run.

    `corpus` is the sum of the digests of all documents of each export, and `equal_files` says whether its files equal
    those of the first export, byte for byte.
    """

    commands: dict[str, CommandFigures] = field(default_factory=dict)
    corpus: dict[str, str] = field(default_factory=dict)
    equal_files: dict[str, bool] = field(default_factory=dict)
    questions: AnsweredQuestions = field(default_factory=AnsweredQuestions)


def main(
    data: Annotated[Path, typer.Argument(help="A data folder; it is only read.")],
    work: Annotated[Path, typer.Argument(help="A folder for the copies, which must not exist yet.")],
    postgres_dsn: Annotated[str, typer.Argument(help="Connection string of an empty database.")],
    milvus_uri: Annotated[str, typer.Argument(help="The address of Milvus.")],
    *,
    questions: Annotated[
        Path | None, typer.Option(help="A BEIR folder with the questions to ask; by default those on the seeds.")
    ] = None,
    rate: Annotated[float, typer.Option(help="Questions a second while the index is moved.")] = QUESTIONS_PER_SECOND,
) -> None:
    """Measure, and print the figures as Markdown."""
    if questions is None:
        asked = [question.question for question in load_questions(EVAL / "questions.jsonl")]
    else:
        asked = list(load_queries(questions / QUERIES).values())
    work.mkdir(parents=True)
    figures = measure(data, work, {"POSTGRES_DSN": postgres_dsn, "MILVUS_URI": milvus_uri}, asked, rate)
    typer.echo(markdown(figures))


def measure(data: Path, work: Path, cluster: Mapping[str, str], questions: Sequence[str], rate: float) -> Figures:
    """Return the figures of one run. Raise EvalDataError if a command fails."""
    figures = Figures()
    in_cluster = {f"WHEREFROM_{name}": value for name, value in cluster.items()}
    from_cluster = {"WHEREFROM_ENGINE": "cluster", **in_cluster}
    exported, imported, again = work / "exported", work / "imported", work / "exported-again"
    moved, back = work / "exported-from-cluster", work / "imported-from-cluster"

    def run(name: str, *arguments: str | Path, **environment: str) -> None:
        figures.commands[name] = run_command(work, arguments, environment)
        typer.echo(f"{name}: {figures.commands[name]}", err=True)

    run("export", "export", exported, WHEREFROM_DATA=str(data))
    run("import", "import", exported, WHEREFROM_DATA=str(imported))
    run("export of the import", "export", again, WHEREFROM_DATA=str(imported))
    with asked_service(data, work / "service.log", questions, rate) as figures.questions:
        run("move to a cluster", "move", "--to", "cluster", WHEREFROM_DATA=str(data), **in_cluster)
    typer.echo(str(figures.questions), err=True)
    run("export of the cluster", "export", moved, **from_cluster)
    run("import of the cluster's export", "import", moved, WHEREFROM_DATA=str(back))
    run("verify the last copy", "verify", WHEREFROM_DATA=str(back))
    run("verify the cluster", "verify", **from_cluster)
    figures.corpus = {each.name: corpus_of(each) for each in (exported, again, moved)}
    figures.equal_files = {each.name: digests_of(each) == digests_of(exported) for each in (again, moved)}
    return figures


def run_command(work: Path, arguments: Sequence[str | Path], environment: Mapping[str, str]) -> CommandFigures:
    """Run `wherefrom` to its end. Raise EvalDataError if it fails."""
    command = [sys.executable, "-m", "wherefrom.service.cli.main", *map(str, arguments)]
    log = work / "command.log"
    started, peak = time.perf_counter(), 0
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=os.environ | dict(environment), stdout=out, stderr=out)  # noqa: S603
        while process.poll() is None:
            peak = max(peak, peak_mib(process.pid))
            time.sleep(POLL_SECONDS)
    seconds = time.perf_counter() - started
    said = log.read_text(encoding="utf-8", errors="replace").strip()
    if process.returncode != 0:
        raise EvalDataError(log, f"{arguments[0]} failed: {said[-LOG_CHARACTERS:]}")
    return CommandFigures(said=said[-LOG_CHARACTERS:], seconds=round(seconds, 1), peak_mib=peak)


@contextmanager
def asked_service(data: Path, log: Path, questions: Sequence[str], rate: float) -> Iterator[AnsweredQuestions]:
    """Serve a data folder and ask it questions continuously; the figures are complete when the context has ended."""
    service = Service(
        name="wherefrom",
        command=[sys.executable, "-m", "wherefrom.service.cli.main", "serve"],
        environment={"WHEREFROM_DATA": str(data), "WHEREFROM_PORT": str(PORT), "WHEREFROM_REMEMBERED": "0"},
        url=f"http://127.0.0.1:{PORT}",
        ready="/readyz",
        ask="/v1/ask?q=",
    )
    with running_service(service, log), asked_steadily(service.url + service.ask, questions, rate) as answered:
        yield answered


@contextmanager
def asked_steadily(url: str, questions: Sequence[str], rate: float) -> Iterator[AnsweredQuestions]:
    """Ask the questions in turn at a constant rate, at least one, whether earlier ones are answered or not.

    The figures are complete when the context has ended.
    """
    answered, is_over = AnsweredQuestions(), Event()
    asking = Thread(target=_ask_until, args=(is_over, url, questions, rate, answered))
    asking.start()
    try:
        yield answered
    finally:
        is_over.set()
        asking.join()


def _ask_until(is_over: Event, url: str, questions: Sequence[str], rate: float, answered: AnsweredQuestions) -> None:
    asked: list[Future[tuple[int, float]]] = []
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        while not (asked and is_over.is_set()):
            due = started + len(asked) / rate
            time.sleep(max(due - time.perf_counter(), 0.0))
            asked.append(clients.submit(_ask, url + urllib.parse.quote(questions[len(asked) % len(questions)]), due))
        results = [each.result() for each in asked]
    waits = [1000 * seconds for _, seconds in results]
    answered.statuses = dict(Counter(status for status, _ in results))
    answered.per_second = round(len(results) / (time.perf_counter() - started), 2)
    p50, p99 = np.percentile(waits, [50, 99])
    answered.p50_ms, answered.p99_ms, answered.longest_ms = (round(float(each), 1) for each in (p50, p99, max(waits)))


def _ask(url: str, due: float) -> tuple[int, float]:
    """Return the status of the answer to a question (see `AnsweredQuestions`), and the seconds since it was due."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_TIMEOUT_SECONDS) as response:  # noqa: S310 - our own service
            status = OK if json.load(response)["passages"] else 0
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError:
        status = -1
    return status, time.perf_counter() - due


def markdown(figures: Figures) -> str:
    """Return the figures as a table and sentences."""
    rows = [["command", "s", "peak MiB", "first line of output"]]
    for name, each in figures.commands.items():
        rows.append([name, f"{each.seconds:.1f}", str(each.peak_mib), each.said.splitlines()[0] if each.said else ""])
    asked = figures.questions
    total, answered = sum(asked.statuses.values()), asked.statuses.get(OK, 0)
    waits = f"{asked.p50_ms:g} ms (p50), {asked.p99_ms:g} ms (p99) and {asked.longest_ms:g} ms (longest)"
    equal = ", ".join(f"{name}: {'equal' if same else 'NOT EQUAL'}" for name, same in figures.equal_files.items())
    corpora = set(figures.corpus.values())
    digests = f"the same ({min(corpora)[:12]}…)" if len(corpora) == 1 else f"NOT THE SAME ({sorted(corpora)})"
    return f"""{table(rows)}

- while the index was moved, {total:,} questions were asked, {asked.per_second:g} a second; {answered:,} were answered
  with passages, after {waits}
- files of the later exports, byte for byte those of the first one: {equal}
- the sum of the digests of all documents: {digests}"""


def corpus_of(export: Path) -> str:
    """Return the sum of the digests of all documents of an export."""
    return str(json.loads((export / "manifest.json").read_text(encoding="utf-8"))["collection"]["corpus"])


def digests_of(folder: Path) -> Mapping[str, str]:
    """Return the SHA-256 of every file of a folder, by name."""
    return {path.name: file_sha256(path) for path in sorted(folder.iterdir())}


if __name__ == "__main__":
    typer.run(main)
