"""`wherefrom-eval`: measure the seeds or a BEIR folder, and check the figures against the gate.

Exit codes: 0 success, 1 the gate is closed or floors would be lowered, 2 unusable data or options.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wherefrom.eval.datasets.beir import load_beir
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.made_pairs import written_pairs
from wherefrom.eval.datasets.questions import EVAL, SEEDS
from wherefrom.eval.datasets.written_pairs import PAIRS
from wherefrom.eval.gate.floors import FloorsLowered, baseline_path, floors_path, load_floors, pin
from wherefrom.eval.gate.regression import gate_failures, regressions
from wherefrom.eval.gate.written_floors import load_written_floors, pin_written, written_failures
from wherefrom.eval.measurement import saved_runs
from wherefrom.eval.measurement.beir import measure_beir
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.measurement.seeds import Measurement, measure_seeds
from wherefrom.eval.measurement.significance import Difference, compare_runs
from wherefrom.eval.measurement.written import HALVES, check_pairs, written_figures
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.reports.html_report import write_html
from wherefrom.eval.reports.json_report import beir_json, measurement_json
from wherefrom.eval.reports.text_report import (
    changed_lines,
    comparison_rows,
    figure_rows,
    print_report,
    print_rows,
    ranking_rows,
    reading_lines,
)
from wherefrom.eval.reports.written_report import written_json, written_rows, wrong_lines
from wherefrom.index.embedding import loader
from wherefrom.index.errors import WherefromError
from wherefrom.index.types import Effort

REFUSED = 1
UNUSABLE = 2

Beir = Annotated[
    Path | None,
    typer.Option(help="Measure a BEIR folder (corpus.jsonl, queries.jsonl, qrels.tsv) instead of the seeds."),
]
AsIs = Annotated[
    bool,
    typer.Option(
        "--as-is",
        help="Take the corpus of --beir as it is, each document as one paragraph, as published figures do."
        " Otherwise it is cleaned as `wherefrom index` cleans it.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")]
Gate = Annotated[
    bool,
    typer.Option(
        "--gate", help="Exit with 1 if a figure is below its floor or significantly worse than the pinned run."
    ),
]
Pin = Annotated[bool, typer.Option("--pin", help="Raise the floors to the measured figures, and pin this run.")]
Lower = Annotated[bool, typer.Option("--lower", help="Allow --pin to lower floors.")]
SaveRun = Annotated[Path | None, typer.Option(help="Save this run to a file, for --compare.")]
Compare = Annotated[Path | None, typer.Option(help="Compare each measure with a saved run, question by question.")]
Html = Annotated[Path | None, typer.Option(help="Write the report as an HTML page with plots.")]
Data = Annotated[Path, typer.Option(envvar="WHEREFROM_DATA", help="Folder that keeps the indexes of BEIR corpora.")]
Model = Annotated[
    str | None, typer.Option(envvar="WHEREFROM_MODEL", help="A sentence-transformers model, by name or path.")
]
Written = Annotated[
    bool,
    typer.Option(
        "--written",
        help="Measure the check of written sentences on pairs of a sentence and its passages, instead of the seeds.",
    ),
]
Bench = Annotated[
    Path | None,
    typer.Option(help="With --written, also pairs made by rule from the folders newsqa and articles of this folder."),
]
Questions = Annotated[Path, typer.Option(help="The questions file; its floors are beside it.")]
Seeds = Annotated[Path, typer.Option(help="The folder of the files to ask.")]
EffortOption = Annotated[Effort | None, typer.Option("--effort", help="Ask the seeds with this effort.")]


def evaluate(  # noqa: C901, PLR0913 - one argument per option
    *,
    beir: Beir = None,
    written: Written = False,
    bench: Bench = None,
    as_is: AsIs = False,
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
    effort: EffortOption = None,
) -> None:
    """Measure the seeds with the project's questions, a BEIR folder with its own, or the check of written sentences."""
    if beir and (gate or pin_floors or html):
        raise typer.BadParameter("apply to the seeds, not to a BEIR folder", param_hint="--gate, --pin, --html")
    if effort and (beir or written or gate or pin_floors):
        raise typer.BadParameter("does not go with --beir, --written, --gate or --pin", param_hint="--effort")
    _check_requires("--as-is", as_is, "--beir", beir)
    _check_requires("--lower", lower, "--pin", pin_floors)
    _check_requires("--bench", bench, "--written", written)
    if written:
        if beir or save_run or compare or html or (bench and (gate or pin_floors)):
            raise typer.BadParameter(
                "takes --json, --gate, --pin and --lower; with --bench, --json", param_hint="--written"
            )
        _evaluate_written(seeds, bench, as_json=as_json, gate=gate, pin_floors=pin_floors, lower=lower)
        return
    try:
        earlier = saved_runs.load_run(compare) if compare else None
        measured = None
        if beir:
            saved = _evaluate_beir(beir, data, model, as_is=as_is, as_json=as_json)
        else:
            measured = _evaluate_seeds(questions, seeds, model, effort, as_json=as_json)
            saved = measured.saved()
        differences = compare_runs(earlier, saved, compare) if earlier and compare else ()
        _print_differences(differences, as_json=as_json)
        if save_run:
            saved_runs.save_run(save_run, saved)
        if measured and html:
            write_html(html, measured, differences)
        if measured and pin_floors:
            pin(floors_path(questions), measured.digests, measured.card, lower=lower)
            saved_runs.save_run(baseline_path(questions), saved)
        if measured and gate:
            _check_gate(questions, measured, seeds)
    except (EvalDataError, WherefromError) as error:
        _fail(str(error), UNUSABLE)
    except FloorsLowered as error:
        _fail(str(error), REFUSED)


def main() -> None:
    """Run the command line."""
    typer.run(evaluate)


def _check_requires(option: str, value: object, needed: str, given: object) -> None:
    if value and not given:
        raise typer.BadParameter(f"requires {needed}", param_hint=option)


def _evaluate_seeds(
    questions: Path, seeds: Path, model: str | None, effort: Effort | None, *, as_json: bool
) -> Measurement:
    embedder = loader.load_embedder(model)
    measured = measure_seeds(questions, seeds, embedder=embedder, bar=progress_bar, effort=effort)
    if as_json:
        _echo(measurement_json(measured))
    else:
        print_report(Console(), measured)
    return measured


def _evaluate_beir(beir: Path, data: Path, model: str | None, *, as_is: bool, as_json: bool) -> SavedRun:
    folder = load_beir(beir)
    embedder = loader.load_embedder(model)
    scores = measure_beir(folder, data, as_is=as_is, embedder=embedder, bar=progress_bar)
    if as_json:
        _echo(beir_json(scores))
    else:
        title = f"{folder.name}: {scores.questions} questions, {scores.documents} documents"
        print_rows(Console(), title, ranking_rows(scores.rankings))
        for line in reading_lines(scores.reading, as_is=as_is):
            Console().print(line, markup=False, highlight=False, soft_wrap=True)
        if calibration := scores.calibration:
            title = f"{calibration.answerable} questions with an answer, {calibration.unanswerable} without"
            print_rows(Console(), title, figure_rows(calibration.figures))
    return scores.saved


def _evaluate_written(
    seeds: Path, bench: Path | None, *, as_json: bool, gate: bool, pin_floors: bool, lower: bool
) -> None:
    try:
        checked = check_pairs(written_pairs(PAIRS, seeds, bench))
        figures = written_figures(checked)
        if as_json:
            _echo(written_json(figures))
        else:
            for half in HALVES:
                print_rows(Console(), f"written sentences, {half}", written_rows(figures, half))
            for line in wrong_lines(checked):
                Console().print(line, markup=False, highlight=False, soft_wrap=True)
        if pin_floors:
            pin_written(checked, lower=lower)
        if gate and (reasons := list(written_failures(checked, load_written_floors()))):
            _fail("\n".join(reasons), REFUSED)
    except EvalDataError as error:
        _fail(str(error), UNUSABLE)
    except FloorsLowered as error:
        _fail(str(error), REFUSED)


def _print_differences(differences: Sequence[Difference], *, as_json: bool) -> None:
    """Print the comparison; on standard error if standard output has the JSON object."""
    if differences:
        console = Console(stderr=as_json)
        print_rows(console, "against the earlier run", comparison_rows(differences))
        for line in changed_lines(differences):
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _check_gate(questions: Path, measured: Measurement, seeds: Path) -> None:
    floors, baseline = load_floors(floors_path(questions)), baseline_path(questions)
    pinned = saved_runs.load_run(baseline)
    reasons = list(gate_failures(floors, measured.digests, measured.card, measured.runs))
    reasons = reasons or list(regressions(compare_runs(pinned, measured.saved(), baseline)))
    if questions == EVAL / "questions.jsonl":
        reasons += written_failures(check_pairs(written_pairs(PAIRS, seeds)), load_written_floors())
    if reasons:
        _fail("\n".join(reasons), REFUSED)


def _echo(values: Mapping[str, object]) -> None:
    typer.echo(json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False))


def _fail(message: str, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    main()
