"""Runs of four words are counted, page by page, and F1 is made from the means."""

import math

import pytest

from wherefrom.eval.metrics.text_overlap import Found, compare, score


@pytest.mark.parametrize(
    ("reference", "found", "precision", "recall"),
    [
        ("a b c d e", "a b c d e", 1, 1),
        ("a b c d e", "A, b; c-d e", 0.5, 0.5),
        ("a b c d e", "x a b c d e", 2 / 3, 1),
        ("a b c d a b c d", "a b c d", 1, 1 / 5),
        ("a b", "a b", 1, 1),
        ("a b", "a b c", 0, 0),
    ],
)
def test_runs_are_counted_as_often_as_they_stand(reference: str, found: str, precision: float, recall: float) -> None:
    assert compare(reference, found) == Found(precision=precision, recall=recall)


def test_a_page_of_which_nothing_was_found_has_no_precision() -> None:
    nothing = compare("a b c d", "")
    assert math.isnan(nothing.precision)
    assert nothing.recall == 0


def test_f1_is_that_of_the_means() -> None:
    figures = score(
        [Found(precision=1, recall=0.5), Found(precision=0.5, recall=1), Found(precision=math.nan, recall=0)]
    )
    assert figures.precision.value == 0.75
    assert figures.recall.value == 0.5
    assert figures.f1.value == pytest.approx(0.6)
    assert figures.f1.low <= 0.6 <= figures.f1.high
