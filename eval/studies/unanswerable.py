"""Unanswerable questions: questions on one corpus are asked of another one, which should refuse all of them.

Run: python -m wherefrom.eval.studies.unanswerable QUESTIONS [--beir FOLDER], where QUESTIONS is a BEIR folder or a
questions file. The questions are asked of the seeds, or of the corpus of another BEIR folder.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wherefrom.eval.datasets.beir import QUERIES, load_beir, load_queries
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.questions import SEEDS, load_questions
from wherefrom.eval.measurement.beir import answer_in_batches, indexed_corpus
from wherefrom.eval.measurement.corpus_reading import read_corpus
from wherefrom.eval.measurement.seeds import indexed_seeds
from wherefrom.eval.metrics.calibration_metrics import Figure, proportion
from wherefrom.eval.progress import ProgressBar, progress_bar
from wherefrom.eval.reports.text_report import TableRows, print_rows
from wherefrom.index.embedding import loader
from wherefrom.index.errors import WherefromError
from wherefrom.index.library import Library
from wherefrom.index.types import Answer

MAX_SHOWN = 20
UNUSABLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalResult:
    """The number of questions, the share that was refused, and the answers to the others, highest confidence first."""

    questions: int
    refused: Figure
    answered: tuple[Answer, ...]


def main(
    questions: Annotated[Path, typer.Argument(help="A BEIR folder or a questions file.")],
    *,
    beir: Annotated[Path | None, typer.Option(help="Ask the corpus of this BEIR folder instead of the seeds.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
    data: Annotated[
        Path, typer.Option(envvar="WHEREFROM_DATA", help="Folder that keeps the indexes of BEIR corpora.")
    ] = Path("var"),
    model: Annotated[
        str | None, typer.Option(envvar="WHEREFROM_MODEL", help="A sentence-transformers model, by name or path.")
    ] = None,
    seeds: Annotated[Path, typer.Option(help="The folder of the files to ask.")] = SEEDS,
) -> None:
    """Ask the questions, and report the refusals; exit code 2 for unusable data."""
    try:
        texts, folder = load_question_texts(questions), load_beir(beir) if beir else None
        embedder = loader.load_embedder(model)
        corpus = (
            indexed_corpus(folder, read_corpus(folder, as_is=True), data, embedder=embedder, bar=progress_bar)
            if folder
            else None
        )
        with corpus or indexed_seeds(seeds, embedder) as library:
            result = measure_refusals(texts, library, progress_bar)
    except (EvalDataError, WherefromError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from error
    if as_json:
        typer.echo(json.dumps(refusals_json(result), ensure_ascii=False, indent=2))
    else:
        title = f"questions of {questions.name}, asked of {folder.name if folder else seeds.name}"
        print_rows(Console(), title, refusal_rows(result))


def load_question_texts(path: Path) -> Sequence[str]:
    """Return all questions of a BEIR folder, judged or not, or of a questions file. Raise EvalDataError."""
    if path.is_dir():
        return tuple(load_queries(path / QUERIES).values())
    return tuple(question.question for question in load_questions(path))


def measure_refusals(questions: Sequence[str], library: Library, bar: ProgressBar) -> RefusalResult:
    """Ask every question, and count the refusals."""
    answered = []
    with bar("asking elsewhere", len(questions)) as progress:
        for answer in answer_in_batches(library, questions):
            if answer.status == "answered":
                answered.append(answer)
            progress(1)
    return RefusalResult(
        questions=len(questions),
        refused=proportion(len(questions) - len(answered), len(questions)),
        answered=tuple(sorted(answered, key=lambda answer: -answer.confidence)),
    )


def refusals_json(result: RefusalResult) -> Mapping[str, object]:
    """Return the refused share with its interval, and the answered questions with their confidence."""
    return {
        "questions": result.questions,
        "no_answer": result.refused.value,
        "interval": [result.refused.low, result.refused.high],
        "answered": [{"question": each.question, "confidence": each.confidence} for each in result.answered],
    }


def refusal_rows(result: RefusalResult) -> TableRows:
    """Return the refused share with its interval, and the answered questions with the highest confidence."""
    refused = result.refused
    interval = f"{refused.low:.4f} to {refused.high:.4f}"
    counts = [f"{result.questions - len(result.answered)} of {result.questions}", f"{refused.value:.4f}", interval]
    wrong = [["answered", f"{each.confidence:.3f}", each.question] for each in result.answered[:MAX_SHOWN]]
    return [["no_answer", "share", "95 % interval"], counts, *wrong]


if __name__ == "__main__":
    typer.run(main)
