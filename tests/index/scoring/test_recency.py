"""Recency halves with every half-life of age; a document without a date has none."""

from datetime import date

import numpy as np

from wherefrom.index.scoring.recency import UNDATED, Recency

NEWEST = date(2024, 3, 1).toordinal()


def test_recency_halves_with_every_half_life() -> None:
    recency = Recency(newest=NEWEST, half_life_days=30)
    published = np.array([NEWEST, NEWEST - 30, NEWEST - 60, NEWEST - 300_000])
    assert recency.of(published).tolist() == [1, 0.5, 0.25, 0]


def test_a_later_date_counts_as_the_newest_and_none_as_the_oldest() -> None:
    recency = Recency(newest=NEWEST, half_life_days=0.5)
    assert recency.of(np.array([NEWEST + 40, UNDATED])).tolist() == [1, 0]


def test_without_any_date_nothing_has_recency() -> None:
    assert Recency(newest=UNDATED, half_life_days=30).of(np.array([UNDATED, UNDATED])).tolist() == [0, 0]
