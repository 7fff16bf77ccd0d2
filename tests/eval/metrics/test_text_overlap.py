import math

import pytest

from wherefrom.eval.metrics.text_overlap import Overlap, extraction_figures, text_overlap


@pytest.mark.parametrize(
    ("reference", "extracted", "precision", "recall"),
    [
        ("a b c d e", "a b c d e", 1, 1),
        ("a b c d e", "A, b; c-d e", 0.5, 0.5),
        ("a b c d e", "x a b c d e", 2 / 3, 1),
        ("a b c d a b c d", "a b c d", 1, 1 / 5),
        ("a b", "a b", 1, 1),
        ("a b", "a b c", 0, 0),
    ],
)
def test_shingles_are_counted_with_their_multiplicity(
    reference: str, extracted: str, precision: float, recall: float
) -> None:
    assert text_overlap(reference, extracted) == Overlap(precision=precision, recall=recall)


def test_an_empty_extraction_has_no_precision() -> None:
    nothing = text_overlap("a b c d", "")
    assert math.isnan(nothing.precision)
    assert nothing.recall == 0


def test_f1_is_computed_from_the_means() -> None:
    figures = extraction_figures(
        [Overlap(precision=1, recall=0.5), Overlap(precision=0.5, recall=1), Overlap(precision=math.nan, recall=0)]
    )
    assert figures.precision.value == 0.75
    assert figures.recall.value == 0.5
    assert figures.f1.value == pytest.approx(0.6)
    assert figures.f1.low <= 0.6 <= figures.f1.high
