"""The fit of confidence, and the choice of its threshold."""

from dataclasses import replace

import numpy as np
import pytest

from wherefrom.eval.datasets.sized_collections import SIZES, QuestionKind
from wherefrom.eval.training.fit_calibration import (
    ANSWERED_TWICE,
    LEAD,
    CalibrationExample,
    choose_threshold,
    cross_validate,
)
from wherefrom.index.scoring.calibration import Features

FEATURES = Features(shortfall=0, sentence=0, missing=0, size=0, lead=0, absent=0, absent_names=0)


def example(kind: QuestionKind, size: int) -> CalibrationExample:
    return CalibrationExample(
        features=FEATURES, next_lead=0, correct=False, kind=kind, size=size, dataset="news", story="one"
    )


def test_the_threshold_holds_at_the_worst_size() -> None:
    other_years = [example("other_year", size) for size in SIZES for _ in range(100)]
    confidence = np.full(len(other_years), 0.1)
    of_size_100 = [at for at, each in enumerate(other_years) if each.size == SIZES[3]]
    confidence[of_size_100[:4]] = [0.31, 0.42, 0.53, 0.64]
    assert choose_threshold(other_years, confidence) == 0.32


def test_near_misses_do_not_count() -> None:
    both = [example("other_year", size) for size in SIZES] + [example("near_miss", size) for size in SIZES]
    confidence = np.array([0.1] * len(SIZES) + [0.99] * len(SIZES))
    assert choose_threshold(both, confidence) == 0.2


def test_without_a_threshold_that_holds_it_is_high() -> None:
    other_years = [example("other_year", size) for size in SIZES]
    assert choose_threshold(other_years, np.full(len(other_years), 0.95)) == 0.9


def test_a_right_answer_need_not_have_a_lead() -> None:
    wrong = [replace(example("answerable", 1), story=f"story {number}") for number in range(20)]
    right = [replace(each, features=replace(FEATURES, lead=1), correct=True) for each in wrong]
    confidence = cross_validate([*right, *wrong], (LEAD,))
    assert confidence[:20] == pytest.approx(1, abs=0.01)
    assert confidence[20:] == pytest.approx(ANSWERED_TWICE / (1 + ANSWERED_TWICE), abs=0.01)
