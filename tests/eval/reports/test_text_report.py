import io
import math
from dataclasses import replace

import pytest
from rich.console import Console

from tests.support.eval_samples import EMPTY_INDEX_INFO, run_of
from wherefrom.eval.measurement.runs import Run
from wherefrom.eval.measurement.scorecard import score_runs
from wherefrom.eval.measurement.seeds import Digests, Measurement
from wherefrom.eval.reports.json_report import measurement_json
from wherefrom.eval.reports.text_report import print_report, print_rows

RUNS = (
    run_of("found"),
    run_of("second", gold_rank=2),
    run_of("lost", gold_rank=None, confidence=0.2),
    run_of("invented", "near_miss", confidence=0.7),
    replace(run_of("broken", "debris", confidence=0.1), faults=("a.txt: stands there",)),
)


def measurement(runs: tuple[Run, ...] = RUNS) -> Measurement:
    digests = Digests(questions_sha256="q", seeds_sha256="s")
    return Measurement(digests=digests, index=EMPTY_INDEX_INFO, runs=runs, card=score_runs(runs))


def printed(runs: tuple[Run, ...] = RUNS, *, terminal: bool = False) -> str:
    out = io.StringIO()
    print_report(Console(file=out, force_terminal=terminal, width=160), measurement(runs))
    return out.getvalue()


@pytest.mark.parametrize("terminal", [False, True])
def test_the_report_has_a_line_for_each_system(terminal: bool) -> None:  # noqa: FBT001
    text = printed(terminal=terminal)
    assert all(name in text for name in ("wherefrom", "bm25", "dense", "rrf", "hit@5", "ndcg@10", "refusal_recall"))


def test_output_to_a_pipe_has_no_colours_and_no_boxes() -> None:
    assert printed().isascii()


def test_misses_are_listed_with_the_first_passage() -> None:
    text = printed()
    assert "misses (no answer in first place): 2" in text
    assert "second (0.90): second?\n      answer at 2; ranked first: b.txt, para. 7: word" in text
    assert "answer not in the first 10; ranked first: b.txt, para. 7" in text


def test_wrong_refusals_answers_and_citations_are_listed() -> None:
    text = printed()
    assert "wrongly refused: 1\n  lost (0.20): lost?" in text
    assert "wrongly answered: 1\n  invented (0.70): invented?" in text
    assert "citations that do not hold: 1\n  broken: a.txt: stands there" in text


def test_brackets_are_not_interpreted_as_markup() -> None:
    out = io.StringIO()
    print_rows(Console(file=out), "a title", [["[red]head[/red]"], ["[x]"]])
    assert "[red]head[/red]\n[x]\n" in out.getvalue()


def test_the_json_has_a_record_for_each_question() -> None:
    values = measurement_json(measurement())
    records = values["records"]
    assert isinstance(records, list)
    assert [record["id"] for record in records] == [run.judged.question.id for run in RUNS]
    assert records[1]["gold_rank"] == 2
    assert records[1]["systems"]["wherefrom"]["mrr@10"] == 0.5
    assert records[3]["systems"]["wherefrom"] is None
    assert records[0]["first"] == {"document": "a.txt", "paragraph": 1, "text": "word"}


def test_the_json_has_metrics_with_intervals_and_baselines() -> None:
    values = measurement_json(measurement())
    metrics, intervals, baselines = values["metrics"], values["intervals"], values["baselines"]
    assert isinstance(metrics, dict)
    assert isinstance(intervals, dict)
    assert isinstance(baselines, dict)
    assert metrics["hit@1"] == pytest.approx(1 / 3)
    assert intervals["hit@1"][0] <= metrics["hit@1"] <= intervals["hit@1"][1]
    assert set(baselines) == {"bm25", "dense", "rrf"}
    assert set(baselines["bm25"]["metrics"]) == {"hit@1", "hit@3", "hit@5", "mrr@10", "ndcg@10"}


def test_an_undefined_figure_is_null_in_json() -> None:
    only_answerable = RUNS[:2]
    assert math.isnan(score_runs(only_answerable).values["refusal_recall"])
    metrics = measurement_json(measurement(only_answerable))["metrics"]
    assert isinstance(metrics, dict)
    assert metrics["refusal_recall"] is None
