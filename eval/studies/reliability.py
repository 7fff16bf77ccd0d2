"""How far confidence can be relied on, on the seeds and outside: writes figures and plots into docs/retrieval.md.

Run: python -m wherefrom.eval.studies.reliability BENCH, where BENCH has squad2 and scifact.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from wherefrom.eval.datasets.beir import load_beir
from wherefrom.eval.datasets.locations import EVAL, SEEDS
from wherefrom.eval.measurement.beir_calibration import measure_certainty
from wherefrom.eval.measurement.beir_scores import indexed_corpus
from wherefrom.eval.measurement.seeds import indexed_seeds, measure_seeds
from wherefrom.eval.metrics.calibration_metrics import Figure, Verdict, certainty_figures
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.reports.calibration_plots import reliability_plot, risk_plot
from wherefrom.eval.reports.doc_sections import table, write_parts
from wherefrom.eval.reports.plots import as_file
from wherefrom.eval.studies.question_sets import PAGE
from wherefrom.eval.studies.unanswerable import load_moved, measure_moved
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.scoring import calibration

QUESTIONS = {"seeds": EVAL / "questions.jsonl", "seeds, hard": EVAL / "questions_hard.jsonl"}
FIGURES = {
    "confidence_auc": "AUC of confidence",
    "top_cosine_auc": "AUC of the highest cosine",
    "auc_over_top_cosine": "difference",
    "confidence_ece": "expected calibration error",
    "refusal_precision": "refusal precision",
    "refusal_recall": "refusal recall",
}


def main(
    bench: Annotated[Path, typer.Argument(help="A folder with squad2 and scifact.")],
    data: Annotated[Path, typer.Option(envvar="WEVALFROM_DATA", help="Where indexes of BEIR folders are kept.")] = Path(
        "var"
    ),
    page: Annotated[Path, typer.Option(help="The document, whose plots lie beside it.")] = PAGE,
) -> None:
    """Measure and write."""
    embedder = load_embedder()
    sets: dict[str, Sequence[Verdict]] = {}
    figures: dict[str, Mapping[str, Figure]] = {}
    for name, questions in QUESTIONS.items():
        runs = measure_seeds(questions, SEEDS, embedder=embedder, bar=progress_bar).runs
        sets[name] = [run.verdict for run in runs]
        figures[name] = certainty_figures(sets[name])
    folder = load_beir(bench / "squad2")
    with indexed_corpus(folder, data, embedder=embedder, bar=progress_bar) as library:
        if certainty := measure_certainty(folder, library, progress_bar):
            sets["SQuAD"], figures["SQuAD"] = certainty.verdicts, certainty.figures
    moved = table([["questions", "asked of", "asked", "`no_answer`", "95 % interval"], *_moved(bench, data, embedder)])
    write_parts(page, {"certainty": certainty_table(sets, figures), "fitted": fitted_table(), "moved": moved})
    for name, svg in (("reliability", reliability_plot(sets)), ("risk", risk_plot(sets))):
        page.with_name(f"retrieval-{name}.svg").write_text(as_file(svg), encoding="utf-8")


def certainty_table(sets: Mapping[str, Sequence[Verdict]], figures: Mapping[str, Mapping[str, Figure]]) -> str:
    """A line a figure with its interval, a column a set of questions."""
    counts = [_counts(verdicts) for verdicts in sets.values()]
    rows = [[told, *(_cell(of[name]) for of in figures.values())] for name, told in FIGURES.items()]
    return table([["", *sets], ["questions with / without an answer", *counts], *rows])


def fitted_table(path: Path = calibration.SHIPPED) -> str:
    """The figures that cross-validation gave the confidence model when it was fitted."""
    values = json.loads(path.read_text(encoding="utf-8"))["cross_validated"]
    return table(
        [["cross-validated", ""], *([name.replace("_", " "), f"{value:.3f}"] for name, value in values.items())]
    )


def _moved(bench: Path, data: Path, embedder: Embedder) -> Iterator[list[str]]:
    """Questions that a corpus cannot answer: a line each set that was asked elsewhere."""
    scifact = load_beir(bench / "scifact")
    with indexed_seeds(SEEDS, embedder) as library:
        for path in (bench / "scifact", bench / "squad2"):
            yield _refused(path, library, "seeds")
    with indexed_corpus(scifact, data, embedder=embedder, bar=progress_bar) as library:
        for path in QUESTIONS.values():
            yield _refused(path, library, "SciFact")


def _refused(path: Path, library: Library, of: str) -> list[str]:
    moved = measure_moved(load_moved(path), library, progress_bar)
    refused = moved.refused
    interval = f"{refused.low:.4f} to {refused.high:.4f}"
    return [f"`{path.name}`", of, str(moved.questions), f"{refused.value:.4f}", interval]


def _counts(verdicts: Sequence[Verdict]) -> str:
    answerable = sum(verdict.answerable for verdict in verdicts)
    return f"{answerable} / {len(verdicts) - answerable}"


def _cell(figure: Figure) -> str:
    told = f"{figure.value:.3f}"
    return told if math.isnan(figure.low) else f"{told} ({figure.low:.3f} to {figure.high:.3f})"


if __name__ == "__main__":
    typer.run(main)
