"""Runs the benchmarks against the alternatives that a user has, and writes docs/benchmarks.md. Run by `make bench`.

All services stay up and are measured in turn, in several rounds, so that other load on the machine affects all of them
alike. The results are medians, and ratios of medians. Answers are not cached unless a row says so.

    python -m wherefrom.eval.benchmarks.run --peers FOLDER --peers-python PYTHON --bench FOLDER --out docs

With `--only`, the sections with these titles are measured, and the others stay unchanged; the section of both engines
needs PostgreSQL and Milvus, and stays unchanged without them.
"""

import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from wherefrom.eval.benchmarks.encoder_speed import build_speed, question_speeds
from wherefrom.eval.benchmarks.indexing_profile import profile
from wherefrom.eval.benchmarks.load import load_section
from wherefrom.eval.benchmarks.peers import services
from wherefrom.eval.benchmarks.ray_indexing import ray_section
from wherefrom.eval.benchmarks.service_process import Service, running_service
from wherefrom.eval.datasets.beir import load_beir
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.questions import EVAL, SEEDS, load_questions
from wherefrom.eval.reports.doc_sections import Section, replace_sections
from wherefrom.eval.reports.plots import as_file
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.model_files import DEFAULT_MODEL
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder
from wherefrom.index.errors import WherefromError

STARTS = 5
ENGINES = "Two engines"
PACKAGES = ("wherefrom", "openvino", "faiss-cpu", "numpy", "fastapi", "uvicorn", "torch", "sentence-transformers")


def main(  # noqa: PLR0913 - one argument per option
    *,
    bench: Annotated[Path, typer.Option(help="A folder with scifact and squad2.")],
    peers: Annotated[Path | None, typer.Option(help="A folder with naive.py, txtai_app.yml and load.lua.")] = None,
    peers_python: Annotated[
        Path | None, typer.Option(help="The Python of the virtual environment with the other services.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder for benchmarks.md and its plots.")] = Path("docs"),
    seconds: Annotated[int, typer.Option(help="Seconds per run under load.")] = 5,
    rounds: Annotated[int, typer.Option(help="Rounds in which every service is measured.")] = 3,
    sizes: Annotated[
        str, typer.Option(help="Sizes of the scale curve, separated by commas; an empty value leaves it out.")
    ] = "1000,10000,100000",
    scale_data: Annotated[Path | None, typer.Option(help="Folder that keeps the bases of the scale curve.")] = None,
    engines_size: Annotated[
        int, typer.Option(help="Number of paragraphs that both engines are measured with.")
    ] = 100_000,
    postgres_dsn: Annotated[
        str | None, typer.Option(envvar="WHEREFROM_POSTGRES_DSN", help="Connection string of an empty database.")
    ] = None,
    milvus_uri: Annotated[
        str | None, typer.Option(envvar="WHEREFROM_MILVUS_URI", help="The address of Milvus.")
    ] = None,
    models: Annotated[Path | None, typer.Option(help="Folder that keeps exported models.")] = None,
    ray_articles: Annotated[
        int, typer.Option(help="Number of articles of SciFact to index with and without Ray; 0 skips the section.")
    ] = 1_000,
    only: Annotated[list[str] | None, typer.Option(help="Title of a section to measure; may be repeated.")] = None,
) -> None:
    """Run all benchmarks, and write the document."""
    questions = [question.question for question in load_questions(EVAL / "questions.jsonl")]
    exported = load_embedder(models=models, implementation="exported")
    with TemporaryDirectory(prefix="wherefrom-bench-") as folder:
        work = Path(folder)

        @cache
        def compared() -> Sequence[Service]:
            return list(services(work, exported, peers, peers_python, models))

        measures: dict[str, Callable[[], Section]] = {
            "Machine": _machine_section,
            "Questions over HTTP": lambda: load_section(
                compared(), questions, exported, peers, work, seconds=seconds, rounds=rounds
            ),
            "Start": lambda: _start_section(compared()[0], work),
            "Encoder": lambda: _encoder_section(exported, questions, bench),
            "Indexing": lambda: profile(sorted(SEEDS.glob("*.txt")), exported).section(),
            "Indexing on Ray": lambda: _ray_section(bench, work, ray_articles, rounds, models),
            "Scale": lambda: _scale_section(bench, work, sizes, scale_data or work / "scale"),
        }
        if postgres_dsn and milvus_uri:
            servers = ["--postgres-dsn", postgres_dsn, "--milvus-uri", milvus_uri]
            folder_of_bases = scale_data or work / "scale"
            measures[ENGINES] = lambda: _engines_section(bench, work, folder_of_bases, engines_size, servers)
        if unknown := set(only or ()).difference(measures):
            raise typer.BadParameter(f"cannot measure {', '.join(sorted(unknown))}; there are {', '.join(measures)}")
        sections = [
            _measure_section(title, measure) for title, measure in measures.items() if not only or title in only
        ]
    out.mkdir(parents=True, exist_ok=True)
    page = out / "benchmarks.md"
    before = page.read_text(encoding="utf-8") if page.exists() else ""
    page.write_text(replace_sections(before, [section.text for section in sections]), encoding="utf-8")
    for name, svg in {name: svg for section in sections for name, svg in section.plots.items()}.items():
        (out / name).write_text(as_file(svg), encoding="utf-8")


def _measure_section(title: str, measure: Callable[[], Section]) -> Section:
    """Return the section, or one with the reason of its failure, so that a failure does not stop the others."""
    typer.echo(f"{title} ...", err=True)
    try:
        section = measure()
    except (EvalDataError, WherefromError, OSError, subprocess.SubprocessError) as error:
        section = Section(text=f"## {title}\n\nNot measured: {error}", plots={})
    typer.echo(section.text, err=True)
    return section


def _machine_section() -> Section:
    processor = next(line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name"))
    memory = int(next(line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))) // 2**20
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return Section(
        text=f"""# Benchmarks

Written by `make bench`. {os.cpu_count()} cores of {processor}, {memory} GB, {platform.system()} {platform.release()},
Python {platform.python_version()}; load at the start {os.getloadavg()[0]:.1f}. {versions}. Model: {DEFAULT_MODEL}.
Figures are medians over rounds in which all that is compared is measured in turn.""",
        plots={},
    )


def _start_section(ours: Service, work: Path) -> Section:
    starts: list[tuple[float, float]] = []
    for number in range(STARTS):
        with running_service(ours, work / f"start-{number}.log") as running:
            starts.append((running.seconds, running.resident_mb()))
    seconds, memory = (statistics.median(each) for each in zip(*starts, strict=True))
    text = f"From `wherefrom serve` to ready on the seeds: {seconds:.2f} s, with {memory:.0f} MB of resident memory."
    return Section(text=f"## Start\n\n{text}", plots={})


def _encoder_section(exported: Embedder, questions: Sequence[str], bench: Path) -> Section:
    reference = load_embedder(implementation="reference")
    if not isinstance(reference, SentenceTransformerEmbedder):
        raise TypeError("the reference is not sentence-transformers")
    ours, theirs = question_speeds([exported, reference], questions)
    build = build_speed(exported, reference, load_beir(bench / "scifact").documents)
    precision = getattr(exported, "precision", "")
    faster = build.exported / build.reference
    best = f"`SentenceTransformer.encode` in batches of {build.batch}, its fastest"
    index = f"{build.index:.0f} texts/s, {build.index / build.reference:.2f} times"
    pytorch = f"{theirs.single_ms:.2f} ms | {theirs.rate:.0f} | {build.reference:.0f}"
    rows = [
        "| | one question | questions/s in batches of 32 | SciFact's texts/s, including sentences |",
        "|---" * 4 + "|",
        f"| sentence-transformers on PyTorch | {pytorch} |",
        f"| exported graph, {precision} | {ours.single_ms:.2f} ms | {ours.rate:.0f} | {build.exported:.0f} |",
        "",
        f"- the exported graph encodes {faster:.2f} times as many texts per second as {best}",
        f"- indexing, with tokens and catalog: {index}",
    ]
    return Section(text="\n".join(["## Encoder", "", *rows]), plots={})


def _ray_section(bench: Path, work: Path, articles: int, rounds: int, models: Path | None) -> Section:
    if not articles:
        return Section(text="## Indexing on Ray\n\nNot measured.", plots={})
    return ray_section(bench / "scifact", work, articles=articles, rounds=rounds, models=models)


def _scale_section(bench: Path, work: Path, sizes: str, data: Path) -> Section:
    if not sizes:
        return Section(text="## Scale\n\nNot measured.", plots={})
    markdown = work / "scale.md"
    command = [sys.executable, "-m", "wherefrom.eval.benchmarks.scale.run", "--bench", str(bench), "--data", str(data)]
    done = subprocess.run([*command, "--sizes", sizes, "--markdown", str(markdown)], check=False)  # noqa: S603
    table = markdown.read_text(encoding="utf-8") if done.returncode == 0 else "The scale curve failed; see above."
    return Section(text=f"## Scale\n\n{table.strip()}", plots={})


def _engines_section(bench: Path, work: Path, data: Path, size: int, servers: Sequence[str]) -> Section:
    markdown = work / "engines.md"
    module = [sys.executable, "-m", "wherefrom.eval.benchmarks.scale.engines", "--bench", str(bench)]
    command = [*module, "--data", str(data), "--size", str(size), *servers, "--markdown", str(markdown)]
    subprocess.run(command, check=True)  # noqa: S603 - our own module
    return Section(text=f"## {ENGINES}\n\n{markdown.read_text(encoding='utf-8').strip()}", plots={})


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    typer.run(main)
