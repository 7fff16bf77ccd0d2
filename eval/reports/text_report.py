"""The report on standard output: tables in a terminal, aligned columns in a pipe, and every miss with its question."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from rich.console import Console
from rich.table import Table

from wherefrom.eval.measurement.corpus_reading import CorpusReading
from wherefrom.eval.measurement.runs import RANKING_DEPTH, Run, System
from wherefrom.eval.measurement.scorecard import Figures, Scorecard
from wherefrom.eval.measurement.seeds import Measurement
from wherefrom.eval.measurement.significance import Difference
from wherefrom.eval.metrics.calibration_metrics import Figure

MAX_REFUSED_SHOWN = 20
TableRows = Sequence[Sequence[str]]


def print_report(console: Console, measured: Measurement) -> None:
    """Print the whole report."""
    index, card = measured.index, measured.card
    console.print(f"{index.documents} documents, {index.passages} passages, {index.model}", markup=False)
    print_rows(console, "ranking", ranking_rows(card.rankings))
    print_rows(console, "the service", figure_rows(card.service))
    print_rows(console, "refused", refusal_rows(card))
    for title, lines in failures(measured.runs).items():
        console.print(f"\n{title}: {len(lines)}", markup=False)
        for line in lines:
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def reading_lines(reading: CorpusReading, *, as_is: bool) -> Iterator[str]:
    """Yield lines about the reading of the corpus: its way, the words kept, and the first refused documents."""
    if as_is:
        yield "The corpus was taken as it is, each document as one paragraph; what `wherefrom index` serves is cleaned."
        return
    yield (
        f"The corpus was cleaned as `wherefrom index` cleans it: {reading.words_kept:.1%} of its words were kept,"
        f" {len(reading.refused)} documents were refused and count as never found. --as-is measures without cleaning."
    )
    for document_id, reason in islice(reading.refused.items(), MAX_REFUSED_SHOWN):
        yield f"  refused: {document_id}: {reason}"
    if len(reading.refused) > MAX_REFUSED_SHOWN:
        yield f"  and {len(reading.refused) - MAX_REFUSED_SHOWN} more; --json names all"


def print_rows(console: Console, title: str, rows: TableRows) -> None:
    """Print rows, the first of which is the header, as a table in a terminal and as aligned columns elsewhere."""
    head, *body = rows
    if console.is_terminal:
        table = Table(*head, title=title, title_justify="left")
        for row in body:
            table.add_row(*row)
        console.print(table)
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    console.print(f"\n{title}", markup=False)
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        console.print("  ".join(cells).rstrip(), markup=False, highlight=False, soft_wrap=True)


def ranking_rows(rankings: Mapping[System, Figures]) -> TableRows:
    """Return a row per system and a column per measure."""
    names = list(next(iter(rankings.values())))
    return [["system", *names], *([system, *map(_cell, figures.values())] for system, figures in rankings.items())]


def comparison_rows(differences: Iterable[Difference]) -> TableRows:
    """Return a row per measure: before, now, the change with its interval, and the numbers of changed questions."""
    head = ["measure", "before", "now", "change", "better", "worse", "p"]
    return [head, *(_change(each) for each in differences)]


def changed_lines(differences: Iterable[Difference]) -> list[str]:
    """Return a line per measure and direction with the ids of the questions that changed."""
    return [
        f"  {each.measure}, {direction}: {', '.join(ids)}"
        for each in differences
        for direction, ids in (("better", each.better), ("worse", each.worse))
        if ids
    ]


def figure_rows(figures: Figures) -> TableRows:
    """Return a row per figure, with its interval if it has one."""
    rows = [["figure", "value", "95 % interval"]]
    for name, figure in figures.items():
        interval = "" if math.isnan(figure.low) else f"{figure.low:.3f} to {figure.high:.3f}"
        rows.append([name, f"{figure.value:.3f}", interval])
    return rows


def _change(each: Difference) -> list[str]:
    change = f"{each.change.value:+.3f} [{each.change.low:+.3f}, {each.change.high:+.3f}]"
    counts = [str(len(each.better)), str(len(each.worse))]
    return [each.measure, f"{each.before:.3f}", f"{each.now:.3f}", change, *counts, f"{each.p:.4f}"]


def refusal_rows(card: Scorecard) -> TableRows:
    """Return a row per kind of question: the numbers of refused and of asked questions."""
    counts = [[kind, str(refused), str(total)] for kind, (refused, total) in card.refusals.items()]
    return [["kind", "refused", "asked"], *counts]


def _cell(figure: Figure) -> str:
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def failures(runs: Sequence[Run]) -> dict[str, list[str]]:
    """Return the questions with a wrong result, one or two lines each, by kind of error."""
    answerable = [run for run in runs if run.answerable]
    return {
        "misses (no answer in first place)": [_miss(run) for run in answerable if run.gold_rank != 1],
        "wrongly refused": [_line(run) for run in answerable if run.refused],
        "wrongly answered": [_answered(run) for run in runs if not run.answerable and not run.refused],
        "right passage, wrong sentence": [
            _answered(run) for run in answerable if run.gold_rank == 1 and not run.refused and not run.sentence_answers
        ],
        "citations that do not hold": [f"  {_name(run)}: {fault}" for run in runs for fault in run.faults],
    }


def _name(run: Run) -> str:
    return run.judged.question.id


def _line(run: Run) -> str:
    return f"  {_name(run)} ({run.answer.confidence:.2f}): {run.judged.question.question}"


def _miss(run: Run) -> str:
    rank = f"at {run.gold_rank}" if run.gold_rank else f"not in the first {RANKING_DEPTH}"
    first = run.answer.passages[0] if run.answer.passages else None
    shown = f"{first.citation.document_id}, para. {first.citation.paragraph}: {first.text}" if first else "nothing"
    return f"{_line(run)}\n      answer {rank}; ranked first: {shown}"


def _answered(run: Run) -> str:
    text = run.answer.answer.text if run.answer.answer else ""
    return f"{_line(run)}\n      {text}"
