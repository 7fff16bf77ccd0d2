"""`wherefrom-eval`: the figures on the seeds or on a BEIR folder, and the gate that holds them up.

Exit codes: 0 done, 1 the gate is shut or pinning was refused, 2 the data or the options cannot be used.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import index.embedder
from eval.beir import load_beir
from eval.beir_scores import beir_json, measure_beir
from eval.gate import FloorsLowered, failures, floors_of, load_floors, pin
from eval.jsonl import EvalDataError
from eval.progress import progress_bar
from eval.records import measurement_json
from eval.report import print_report, print_rows, ranking_rows
from eval.seeds import Measurement, measure_seeds
from index.errors import WherefromError

HERE = Path(__file__).parent
REFUSED = 1
UNUSABLE = 2

Beir = Annotated[Path | None, typer.Option(help="A folder with corpus.jsonl, queries.jsonl and qrels.tsv.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Gate = Annotated[bool, typer.Option("--gate", help="Fail where a figure is below its floor.")]
Pin = Annotated[bool, typer.Option("--pin", help="Raise the floors to today's figures.")]
Lower = Annotated[bool, typer.Option("--lower", help="Let --pin lower floors.")]
Data = Annotated[Path, typer.Option(envvar="WHEREFROM_DATA", help="Where indexes of BEIR folders are kept.")]
Model = Annotated[str | None, typer.Option(envvar="WHEREFROM_MODEL", help="A sentence-transformers model.")]
Questions = Annotated[Path, typer.Option(help="The questions; their floors lie beside them.")]
Seeds = Annotated[Path, typer.Option(help="The files that the questions are asked of.")]


def evaluate(  # noqa: PLR0913 - one argument an option
    *,
    beir: Beir = None,
    as_json: AsJson = False,
    gate: Gate = False,
    pin_floors: Pin = False,
    lower: Lower = False,
    data: Data = Path("var"),
    model: Model = None,
    questions: Questions = HERE / "questions.jsonl",
    seeds: Seeds = HERE.parent / "seeds",
) -> None:
    """Measure the seeds with the project's questions, or a BEIR folder with its own."""
    if beir and (gate or pin_floors):
        raise typer.BadParameter("floors are of the seeds, not of a BEIR folder", param_hint="--gate, --pin")
    if lower and not pin_floors:
        raise typer.BadParameter("says nothing without --pin", param_hint="--lower")
    try:
        if beir:
            _evaluate_beir(beir, data, model, as_json=as_json)
            return
        measured = _measure(questions, seeds, model, as_json=as_json)
        floors = floors_of(questions)
        if pin_floors:
            pin(floors, measured.digests, measured.card, lower=lower)
        if gate:
            _hold(floors, measured)
    except (EvalDataError, WherefromError) as error:
        _fail(str(error), UNUSABLE)
    except FloorsLowered as error:
        _fail(str(error), REFUSED)


def main() -> None:
    """The command, as the package installs it."""
    typer.run(evaluate)


def _measure(questions: Path, seeds: Path, model: str | None, *, as_json: bool) -> Measurement:
    embedder = index.embedder.load_embedder(model)
    measured = measure_seeds(questions, seeds, embedder=embedder, bar=progress_bar)
    if as_json:
        _echo(measurement_json(measured))
    else:
        print_report(Console(), measured)
    return measured


def _evaluate_beir(beir: Path, data: Path, model: str | None, *, as_json: bool) -> None:
    folder = load_beir(beir)
    embedder = index.embedder.load_embedder(model)
    scores = measure_beir(folder, data, embedder=embedder, bar=progress_bar)
    if as_json:
        _echo(beir_json(scores))
        return
    title = f"{folder.name}: {scores.questions} questions, {scores.documents} documents"
    print_rows(Console(), title, ranking_rows(scores.rankings))


def _hold(floors: Path, measured: Measurement) -> None:
    reasons = failures(load_floors(floors), measured.digests, measured.card, measured.runs)
    if reasons:
        _fail("\n".join(reasons), REFUSED)


def _echo(values: Mapping[str, object]) -> None:
    typer.echo(json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False))


def _fail(message: str, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    main()
