"""Speed beside what a user would pick instead: writes docs/benchmarks.md. Run by `make bench`.

The services stay up and are asked in turn, round after round, so that what else the machine does meets all of them;
what is told are medians, and ratios of medians. Nothing is remembered between questions unless a row says so.

    python -m wherefrom.eval.benchmarks.run --peers FOLDER --peers-python PYTHON --bench FOLDER --out docs
"""

import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from wherefrom.eval.benchmarks.encoder_speed import build_speed, question_speeds
from wherefrom.eval.benchmarks.load import under_load
from wherefrom.eval.benchmarks.peers import services
from wherefrom.eval.benchmarks.section import Section
from wherefrom.eval.benchmarks.service_process import Service, Started, started
from wherefrom.eval.datasets.beir import load_beir
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.locations import EVAL
from wherefrom.eval.datasets.questions import load_questions
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.model_files import DEFAULT_MODEL
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder
from wherefrom.index.errors import WherefromError

STARTS = 5
PACKAGES = ("wherefrom", "openvino", "faiss-cpu", "numpy", "fastapi", "uvicorn", "torch", "sentence-transformers")


def main(  # noqa: PLR0913 - one argument an option
    *,
    bench: Annotated[Path, typer.Option(help="Folder with scifact and squad2.")],
    peers: Annotated[Path | None, typer.Option(help="Folder with naive.py, txtai_app.yml and load.lua.")] = None,
    peers_python: Annotated[Path | None, typer.Option(help="Python of the peers' virtual environment.")] = None,
    out: Annotated[Path, typer.Option(help="Where benchmarks.md goes, its plots beside it.")] = Path("docs"),
    seconds: Annotated[int, typer.Option(help="Seconds of each run under load.")] = 5,
    rounds: Annotated[int, typer.Option(help="Times that every service is asked.")] = 3,
    sizes: Annotated[str, typer.Option(help="Sizes of the scale curve; none leaves it out.")] = "1000,10000,100000",
    scale_data: Annotated[Path | None, typer.Option(help="Where the curve's bases are kept.")] = None,
    models: Annotated[Path | None, typer.Option(help="Where exported models are kept.")] = None,
) -> None:
    """Measure and write."""
    questions = [question.question for question in load_questions(EVAL / "questions.jsonl")]
    exported = load_embedder(models=models, implementation="exported")
    with TemporaryDirectory(prefix="wherefrom-bench-") as folder:
        work = Path(folder)
        measured = list(services(work, exported, peers, peers_python, models))
        parts: Mapping[str, Callable[[], Section]] = {
            "Machine": _machine,
            "Questions over HTTP": lambda: under_load(
                measured, questions, exported, peers, work, seconds=seconds, rounds=rounds
            ),
            "Start": lambda: _starts(measured[0], work),
            "Encoder": lambda: _encoders(exported, questions, bench),
            "Scale": lambda: _scale(bench, work, sizes, scale_data or work / "scale"),
        }
        sections = [_section(title, measure) for title, measure in parts.items()]
    out.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join(section.text for section in sections)
    (out / "benchmarks.md").write_text(f"{text}\n", encoding="utf-8")
    for name, svg in {name: svg for section in sections for name, svg in section.plots.items()}.items():
        (out / name).write_text(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1), encoding="utf-8")


def _section(title: str, measure: Callable[[], Section]) -> Section:
    """What was measured, or that it could not be: one part that fails leaves the others."""
    typer.echo(f"{title} ...", err=True)
    try:
        section = measure()
    except (EvalDataError, WherefromError, OSError, subprocess.SubprocessError) as error:
        section = Section(text=f"## {title}\n\nNot measured: {error}", plots={})
    typer.echo(section.text, err=True)
    return section


def _machine() -> Section:
    processor = next(line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name"))
    memory = int(next(line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))) // 2**20
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return Section(
        text=f"""# Benchmarks

Written by `make bench`. {os.cpu_count()} cores of {processor}, {memory} GB, {platform.system()} {platform.release()},
Python {platform.python_version()}; load at the start {os.getloadavg()[0]:.1f}. {versions}. Model: {DEFAULT_MODEL}.
Figures are medians over rounds in which everything measured takes its turn.""",
        plots={},
    )


def _starts(ours: Service, work: Path) -> Section:
    found: list[tuple[float, float]] = []
    for number in range(STARTS):
        with started(ours, work / f"start-{number}.log") as up:
            found.append((up.seconds, Started.resident_mb(up)))
    seconds, memory = (statistics.median(each) for each in zip(*found, strict=True))
    told = f"From `wherefrom serve` to ready on the seeds: {seconds:.2f} s (asked for: 1.5)"
    return Section(text=f"## Start\n\n{told}, resident then {memory:.0f} MB (asked for: 400).", plots={})


def _encoders(exported: Embedder, questions: Sequence[str], bench: Path) -> Section:
    reference = load_embedder(implementation="reference")
    if not isinstance(reference, SentenceTransformerEmbedder):
        raise TypeError("the reference is not sentence-transformers")
    ours, theirs = question_speeds([exported, reference], questions)
    built = build_speed(exported, reference, load_beir(bench / "scifact").documents)
    precision = getattr(exported, "precision", "")
    faster = built.exported / built.reference
    best = f"`SentenceTransformer.encode` in batches of {built.batch}, its best"
    index = f"{built.index:.0f} texts/s, {built.index / built.reference:.2f} times"
    pytorch = f"{theirs.alone_ms:.2f} ms | {theirs.rate:.0f} | {built.reference:.0f}"
    rows = [
        "| | one question | questions/s in batches of 32 | SciFact's texts/s, sentences included |",
        "|---" * 4 + "|",
        f"| sentence-transformers on PyTorch | {pytorch} |",
        f"| exported graph, {precision} | {ours.alone_ms:.2f} ms | {ours.rate:.0f} | {built.exported:.0f} |",
        "",
        f"- {faster:.2f} times as many texts a second as {best} (asked for: 3)",
        f"- a whole index, tokens, catalog and all: {index}",
    ]
    return Section(text="\n".join(["## Encoder", "", *rows]), plots={})


def _scale(bench: Path, work: Path, sizes: str, data: Path) -> Section:
    if not sizes:
        return Section(text="## Scale\n\nNot measured.", plots={})
    markdown = work / "scale.md"
    command = [sys.executable, "-m", "wherefrom.eval.benchmarks.scale.run", "--bench", str(bench), "--data", str(data)]
    done = subprocess.run([*command, "--sizes", sizes, "--markdown", str(markdown)], check=False)  # noqa: S603
    told = markdown.read_text(encoding="utf-8") if done.returncode == 0 else "The scale curve failed; see above."
    return Section(text=f"## Scale\n\n{told.strip()}", plots={})


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    typer.run(main)
