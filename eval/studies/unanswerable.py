"""Questions asked of a corpus that cannot answer them: all of them should be refused.

Run: python -m wherefrom.eval.studies.unanswerable QUESTIONS [--beir FOLDER], where QUESTIONS is a BEIR folder or a questions file; they are
asked of the seeds, or of the corpus of another BEIR folder.
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
from wherefrom.eval.datasets.locations import SEEDS
from wherefrom.eval.datasets.questions import load_questions
from wherefrom.eval.measurement.beir_calibration import answers
from wherefrom.eval.measurement.beir_scores import indexed_corpus
from wherefrom.eval.measurement.seeds import Bar, indexed_seeds
from wherefrom.eval.metrics.calibration_metrics import Figure, share
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.reports.text_report import Rows, print_rows
from wherefrom.index.embedding import loader
from wherefrom.index.errors import WherefromError
from wherefrom.index.library import Library
from wherefrom.index.types import Answer

SHOWN = 20
UNUSABLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How many questions were asked, the share that was refused, and the answers to the others, surest first."""

    questions: int
    refused: Figure
    answered: tuple[Answer, ...]


def move(
    questions: Annotated[Path, typer.Argument(help="A BEIR folder or a questions file.")],
    *,
    beir: Annotated[Path | None, typer.Option(help="Ask the corpus of this BEIR folder, and not the seeds.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    data: Annotated[Path, typer.Option(envvar="WHEREFROM_DATA", help="Where indexes of BEIR folders are kept.")] = Path(
        "var"
    ),
    model: Annotated[str | None, typer.Option(envvar="WHEREFROM_MODEL", help="A sentence-transformers model.")] = None,
    seeds: Annotated[Path, typer.Option(help="The files that are asked.")] = SEEDS,
) -> None:
    """Ask and report; exit code 2 where the data cannot be used."""
    try:
        asked, folder = load_moved(questions), load_beir(beir) if beir else None
        embedder = loader.load_embedder(model)
        corpus = indexed_corpus(folder, data, embedder=embedder, bar=progress_bar) if folder else None
        with corpus or indexed_seeds(seeds, embedder) as library:
            moved = measure_moved(asked, library, progress_bar)
    except (EvalDataError, WherefromError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from error
    if as_json:
        typer.echo(json.dumps(moved_json(moved), ensure_ascii=False, indent=2))
    else:
        told = f"questions of {questions.name}, asked of {folder.name if folder else seeds.name}"
        print_rows(Console(), told, moved_rows(moved))


def load_moved(path: Path) -> Sequence[str]:
    """The questions of a BEIR folder, whether it answers them or not, or of a questions file. Raises EvalDataError."""
    if path.is_dir():
        return tuple(load_queries(path / QUERIES).values())
    return tuple(question.question for question in load_questions(path))


def measure_moved(questions: Sequence[str], library: Library, bar: Bar) -> Moved:
    """Ask them all."""
    answered = []
    with bar("asking elsewhere", len(questions)) as progress:
        for answer in answers(library, questions):
            if answer.status == "answered":
                answered.append(answer)
            progress(1)
    return Moved(
        questions=len(questions),
        refused=share(len(questions) - len(answered), len(questions)),
        answered=tuple(sorted(answered, key=lambda answer: -answer.confidence)),
    )


def moved_json(moved: Moved) -> Mapping[str, object]:
    """The share with its interval, and what was answered with which confidence."""
    return {
        "questions": moved.questions,
        "no_answer": moved.refused.value,
        "interval": [moved.refused.low, moved.refused.high],
        "answered": [{"question": each.question, "confidence": each.confidence} for each in moved.answered],
    }


def moved_rows(moved: Moved) -> Rows:
    """The share with its interval, and the surest of what was answered."""
    refused = moved.refused
    interval = f"{refused.low:.4f} to {refused.high:.4f}"
    counts = [f"{moved.questions - len(moved.answered)} of {moved.questions}", f"{refused.value:.4f}", interval]
    wrong = [["answered", f"{each.confidence:.3f}", each.question] for each in moved.answered[:SHOWN]]
    return [["no_answer", "share", "95 % interval"], counts, *wrong]


if __name__ == "__main__":
    typer.run(move)
