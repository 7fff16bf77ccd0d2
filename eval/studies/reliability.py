"""Measures the calibration of confidence, on the seeds and outside; writes tables and plots into docs/retrieval.md.

Run: python -m wherefrom.eval.studies.reliability BENCH, where BENCH has squad2 and scifact.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from wherefrom.eval.datasets.beir import load_beir
from wherefrom.eval.datasets.questions import EVAL, SEEDS
from wherefrom.eval.measurement.beir import indexed_corpus, measure_calibration
from wherefrom.eval.measurement.corpus_reading import read_corpus
from wherefrom.eval.measurement.seeds import indexed_seeds, measure_seeds
from wherefrom.eval.metrics.calibration_metrics import Figure, Outcome, calibration_figures
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.reports.doc_sections import RETRIEVAL_PAGE, table, write_parts
from wherefrom.eval.reports.plots import as_file, reliability_plot, risk_plot
from wherefrom.eval.studies.unanswerable import load_question_texts, measure_refusals
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.scoring import calibration
from wherefrom.index.types import EFFORTS

QUESTIONS = {"seeds": EVAL / "questions.jsonl", "seeds, hard": EVAL / "questions_hard.jsonl"}
FIGURE_LABELS = {
    "confidence_auc": "AUC of confidence",
    "top_cosine_auc": "AUC of the highest cosine",
    "auc_over_top_cosine": "difference",
    "confidence_ece": "expected calibration error",
    "refusal_precision": "refusal precision",
    "refusal_recall": "refusal recall",
}


def main(
    bench: Annotated[Path, typer.Argument(help="A folder with squad2 and scifact.")],
    data: Annotated[
        Path, typer.Option(envvar="WHEREFROM_DATA", help="Folder that keeps the indexes of BEIR corpora.")
    ] = Path("var"),
    page: Annotated[
        Path, typer.Option(help="The document that the tables are written into; the plots go beside it.")
    ] = RETRIEVAL_PAGE,
) -> None:
    """Measure every question set, and write the tables and the plots."""
    embedder = load_embedder()
    sets: dict[str, Sequence[Outcome]] = {}
    figures: dict[str, Mapping[str, Figure]] = {}
    for name, questions in QUESTIONS.items():
        runs = measure_seeds(questions, SEEDS, embedder=embedder, bar=progress_bar).runs
        sets[name] = [run.outcome for run in runs]
        figures[name] = calibration_figures(sets[name])
    folder = load_beir(bench / "squad2")
    with indexed_corpus(folder, read_corpus(folder, as_is=True), data, embedder=embedder, bar=progress_bar) as library:
        if calibrated := measure_calibration(folder, library, progress_bar):
            sets["SQuAD"], figures["SQuAD"] = calibrated.outcomes, calibrated.figures
    head = ["questions", "asked of", "asked", "`no_answer`", "95 % interval"]
    tables = {
        "certainty": calibration_table(sets, figures),
        "fitted": fitted_table(),
        "moved": table([head, *_unanswerable_rows(bench, data, embedder)]),
    }
    write_parts(page, tables)
    for name, svg in (("reliability", reliability_plot(sets)), ("risk", risk_plot(sets))):
        page.with_name(f"retrieval-{name}.svg").write_text(as_file(svg), encoding="utf-8")


def calibration_table(sets: Mapping[str, Sequence[Outcome]], figures: Mapping[str, Mapping[str, Figure]]) -> str:
    """Return a row per figure with its interval, and a column per question set."""
    counts = [_counts(outcomes) for outcomes in sets.values()]
    rows = [[label, *(_cell(of_set[name]) for of_set in figures.values())] for name, label in FIGURE_LABELS.items()]
    return table([["", *sets], ["questions with / without an answer", *counts], *rows])


def fitted_table(path: Path = calibration.SHIPPED) -> str:
    """Return the cross-validated figures of the shipped confidence models by number of stories, stored with them."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    rows: list[list[str]] = []
    for effort in EFFORTS:
        by_size = {size: row for size, row in stored[effort]["cross_validated"].items() if size != "auc"}
        names = list(next(iter(by_size.values())))
        rows = rows or [["effort", "stories", *(name.replace("_", " ") for name in names)]]
        rows += [[effort, size, *(f"{row[name]:.3f}" for name in names)] for size, row in by_size.items()]
    return table(rows)


def _unanswerable_rows(bench: Path, data: Path, embedder: Embedder) -> Iterator[list[str]]:
    """Yield a row per question set that is asked of a corpus without its answers."""
    scifact = load_beir(bench / "scifact")
    with indexed_seeds(SEEDS, embedder) as library:
        for path in (bench / "scifact", bench / "squad2"):
            yield _refusal_row(path, library, "seeds")
    with indexed_corpus(
        scifact, read_corpus(scifact, as_is=True), data, embedder=embedder, bar=progress_bar
    ) as library:
        for path in QUESTIONS.values():
            yield _refusal_row(path, library, "SciFact")


def _refusal_row(path: Path, library: Library, corpus: str) -> list[str]:
    result = measure_refusals(load_question_texts(path), library, progress_bar)
    refused = result.refused
    interval = f"{refused.low:.4f} to {refused.high:.4f}"
    return [f"`{path.name}`", corpus, str(result.questions), f"{refused.value:.4f}", interval]


def _counts(outcomes: Sequence[Outcome]) -> str:
    answerable = sum(outcome.answerable for outcome in outcomes)
    return f"{answerable} / {len(outcomes) - answerable}"


def _cell(figure: Figure) -> str:
    value = f"{figure.value:.3f}"
    return value if math.isnan(figure.low) else f"{value} ({figure.low:.3f} to {figure.high:.3f})"


if __name__ == "__main__":
    typer.run(main)
