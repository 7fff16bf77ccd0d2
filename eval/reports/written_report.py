"""The figures of the check of written sentences, as rows of text and as JSON."""

from collections.abc import Iterator, Mapping, Sequence

from wherefrom.eval.measurement.written import HALVES, CheckedPair, WrittenFigures
from wherefrom.eval.metrics.calibration_metrics import Figure
from wherefrom.eval.reports.text_report import TableRows


def written_rows(figures: WrittenFigures, half: str) -> TableRows:
    """Return a row per kind of pair: the number, the number passed, recall and precision with 95 % intervals."""
    head = ["kind", "pairs", "passed", "recall", "precision"]
    body = [
        [kind, str(each.pairs), str(each.passed), _cell(each.recall), _cell(each.precision)]
        for kind, each in figures[half].items()
    ]
    return [head, *body]


def wrong_lines(checked: Sequence[CheckedPair]) -> Iterator[str]:
    """Yield the wrongly judged pairs of the half that is not held out, each with the checks that failed.

    Pairs of the held-out half are never shown.
    """
    for each in checked:
        if not each.right and not each.pair.held_out:
            failed = [f"{check.name}: {check.detail}" for check in each.verdict.checks if not check.passed]
            yield f"  {each.pair.id} ({each.pair.kind}): {each.pair.sentence}"
            yield f"    {'; '.join(failed) or 'passes'}"


def written_json(figures: WrittenFigures) -> Mapping[str, object]:
    """Return the figures by half and kind."""
    return {
        half: {
            kind: {
                "pairs": each.pairs,
                "passed": each.passed,
                "recall": _values(each.recall),
                "precision": _values(each.precision),
            }
            for kind, each in figures[half].items()
        }
        for half in HALVES
    }


def _cell(figure: Figure) -> str:
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]" if figure.value == figure.value else "-"


def _values(figure: Figure) -> Mapping[str, float | None]:
    known = figure.value == figure.value
    return {
        "value": figure.value if known else None,
        "low": figure.low if known else None,
        "high": figure.high if known else None,
    }
