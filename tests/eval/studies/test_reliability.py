import json

from tests.support.paths import ROOT
from wherefrom.eval.metrics.calibration_metrics import Outcome, calibration_figures
from wherefrom.eval.reports.plots import reliability_plot, risk_plot
from wherefrom.eval.studies.reliability import calibration_table, fitted_table
from wherefrom.index.scoring.calibration import SHIPPED


def outcomes() -> list[Outcome]:
    """Return ten outcomes with high confidence and a right answer, and ten refusals of unanswerable questions."""
    right = Outcome(confidence=0.9, top_cosine=0.5, refused=False, answerable=True, first_answers=True)
    wrong = Outcome(confidence=0.1, top_cosine=0.5, refused=True, answerable=False, first_answers=False)
    return [right] * 10 + [wrong] * 10


def test_the_table_has_a_column_per_set_and_a_row_per_figure() -> None:
    lines = calibration_table({"few": outcomes()}, {"few": calibration_figures(outcomes())}).splitlines()
    assert lines[0] == "|  | few |"
    assert "| questions with / without an answer | 10 / 10 |" in lines
    assert "| AUC of confidence | 1.000 (1.000 to 1.000) |" in lines
    assert "| expected calibration error | 0.100 |" in lines
    assert "| AUC of the highest cosine | 0.500 (0.500 to 0.500) |" in lines


def test_the_fitted_figures_are_those_of_the_shipped_model() -> None:
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    lines = fitted_table().splitlines()
    sizes = [size for size in shipped["careful"]["cross_validated"] if size != "auc"]
    assert len(lines) == 2 + 2 * len(sizes)
    error = shipped["careful"]["cross_validated"]["all"]["calibration_error"]
    assert f"| {error:.3f} |" in lines[-1]


def test_each_plot_has_a_line_per_set() -> None:
    for draw in (reliability_plot, risk_plot):
        svg = draw({"first": outcomes(), "second": outcomes()})
        assert svg.count("<polyline") >= 2
        assert ">first</text>" in svg
        assert ">second</text>" in svg


def test_the_page_has_markers_for_every_generated_part() -> None:
    page = (ROOT / "docs" / "retrieval.md").read_text(encoding="utf-8")
    for name in ("built up", "taken out", "sentences", "certainty", "fitted", "moved"):
        assert page.count(f"<!-- begin {name} -->\n") == page.count(f"<!-- end {name} -->\n") == 1
