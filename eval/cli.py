"""`wherefrom-eval`: the figures on the seeds or on a BEIR folder, and the gate that holds them up.

Exit codes: 0 done, 1 the gate is shut or pinning was refused, 2 the data or the options cannot be used.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wherefrom.eval.datasets.beir import load_beir
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.locations import EVAL, SEEDS
from wherefrom.eval.gate.floors import FloorsLowered, baseline_of, floors_of, load_floors, pin
from wherefrom.eval.gate.regression import failures, fallen
from wherefrom.eval.measurement import saved_runs
from wherefrom.eval.measurement.beir_scores import beir_json, measure_beir
from wherefrom.eval.measurement.json_report import measurement_json
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.measurement.seeds import Measurement, measure_seeds
from wherefrom.eval.measurement.significance import Difference
from wherefrom.eval.measurement.significance import compare as compare_runs
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.reports.html_report import write_html
from wherefrom.eval.reports.text_report import (
    changed_lines,
    comparison_rows,
    figure_rows,
    print_report,
    print_rows,
    ranking_rows,
)
from wherefrom.index.embedding import loader
from wherefrom.index.errors import WherefromError

REFUSED = 1
UNUSABLE = 2

Beir = Annotated[Path | None, typer.Option(help="A folder with corpus.jsonl, queries.jsonl and qrels.tsv.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Gate = Annotated[bool, typer.Option("--gate", help="Fail where a figure is below its floor.")]
Pin = Annotated[bool, typer.Option("--pin", help="Raise the floors to today's figures.")]
Lower = Annotated[bool, typer.Option("--lower", help="Let --pin lower floors.")]
SaveRun = Annotated[Path | None, typer.Option(help="Keep this run, to compare a later one with.")]
Compare = Annotated[Path | None, typer.Option(help="A kept run: each measure against it, question by question.")]
Html = Annotated[Path | None, typer.Option(help="Write the report as one page with plots.")]
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
    save_run: SaveRun = None,
    compare: Compare = None,
    html: Html = None,
    data: Data = Path("var"),
    model: Model = None,
    questions: Questions = EVAL / "questions.jsonl",
    seeds: Seeds = SEEDS,
) -> None:
    """Measure the seeds with the project's questions, or a BEIR folder with its own."""
    if beir and (gate or pin_floors or html):
        raise typer.BadParameter("are of the seeds, not of a BEIR folder", param_hint="--gate, --pin, --html")
    if lower and not pin_floors:
        raise typer.BadParameter("says nothing without --pin", param_hint="--lower")
    try:
        before = saved_runs.load_run(compare) if compare else None
        measured = None
        if beir:
            saved = _evaluate_beir(beir, data, model, as_json=as_json)
        else:
            measured = _measure(questions, seeds, model, as_json=as_json)
            saved = measured.saved()
        differences = compare_runs(before, saved, compare) if before and compare else ()
        _report(differences, as_json=as_json)
        if save_run:
            saved_runs.save_run(save_run, saved)
        if measured and html:
            write_html(html, measured, differences)
        if measured and pin_floors:
            pin(floors_of(questions), measured.digests, measured.card, lower=lower)
            saved_runs.save_run(baseline_of(questions), saved)
        if measured and gate:
            _hold(questions, measured)
    except (EvalDataError, WherefromError) as error:
        _fail(str(error), UNUSABLE)
    except FloorsLowered as error:
        _fail(str(error), REFUSED)


def main() -> None:
    """The command, as the package installs it."""
    typer.run(evaluate)


def _measure(questions: Path, seeds: Path, model: str | None, *, as_json: bool) -> Measurement:
    embedder = loader.load_embedder(model)
    measured = measure_seeds(questions, seeds, embedder=embedder, bar=progress_bar)
    if as_json:
        _echo(measurement_json(measured))
    else:
        print_report(Console(), measured)
    return measured


def _evaluate_beir(beir: Path, data: Path, model: str | None, *, as_json: bool) -> SavedRun:
    folder = load_beir(beir)
    embedder = loader.load_embedder(model)
    scores = measure_beir(folder, data, embedder=embedder, bar=progress_bar)
    if as_json:
        _echo(beir_json(scores))
    else:
        title = f"{folder.name}: {scores.questions} questions, {scores.documents} documents"
        print_rows(Console(), title, ranking_rows(scores.rankings))
        if scores.certainty:
            asked = f"{scores.certainty.answerable} questions with an answer, {scores.certainty.unanswerable} without"
            print_rows(Console(), asked, figure_rows(scores.certainty.figures))
    return scores.saved


def _report(differences: Sequence[Difference], *, as_json: bool) -> None:
    """On standard error beside JSON, which is one object."""
    if differences:
        console = Console(stderr=as_json)
        print_rows(console, "against the earlier run", comparison_rows(differences))
        for line in changed_lines(differences):
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _hold(questions: Path, measured: Measurement) -> None:
    floors, baseline = load_floors(floors_of(questions)), baseline_of(questions)
    pinned = saved_runs.load_run(baseline)
    reasons = list(failures(floors, measured.digests, measured.card, measured.runs))
    reasons = reasons or list(fallen(compare_runs(pinned, measured.saved(), baseline)))
    if reasons:
        _fail("\n".join(reasons), REFUSED)


def _echo(values: Mapping[str, object]) -> None:
    typer.echo(json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False))


def _fail(message: str, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    main()
