import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.eval_samples import EMPTY_INDEX_INFO, run_of
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.runs import Run
from wherefrom.eval.measurement.scorecard import score_runs
from wherefrom.eval.measurement.seeds import Digests, Measurement
from wherefrom.eval.measurement.significance import compare_runs
from wherefrom.eval.reports.html_report import page, write_html

DIGESTS = Digests(questions_sha256="q", seeds_sha256="s")
RUNS = (run_of("a"), run_of("b", gold_rank=4, confidence=0.4), run_of("c", "near_miss", confidence=0.1))


def measured(*runs: Run) -> Measurement:
    return Measurement(digests=DIGESTS, index=EMPTY_INDEX_INFO, runs=runs, card=score_runs(runs))


def test_the_page_contains_figures_plots_and_misses() -> None:
    html = page(measured(*RUNS))
    assert html.count("<svg") == 3
    assert "misses (no answer in first place): 1" in html
    assert "answer at 4; ranked first: b.txt, para. 7: word" in html


def test_the_page_is_self_contained() -> None:
    assert not re.search(r"(?:src|href)=|@import|url\(", page(measured(*RUNS)))


def test_questions_are_escaped() -> None:
    run = run_of("x", gold_rank=2)
    question = replace(run.judged.question, question="<script>alert(1)</script>")
    html = page(measured(replace(run, judged=replace(run.judged, question=question)), *RUNS))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_equal_runs_give_equal_pages() -> None:
    assert page(measured(*RUNS)) == page(measured(*RUNS))


def test_a_comparison_is_shown_on_the_page() -> None:
    before, now = measured(run_of("a", gold_rank=2), *RUNS[1:]), measured(*RUNS)
    differences = compare_runs(before.saved(), now.saved(), Path("before.json"))
    assert "Against the earlier run" in page(now, differences)


def test_an_unwritable_page_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EvalDataError, match="cannot be written"):
        write_html(tmp_path / "none" / "page.html", measured(*RUNS))
