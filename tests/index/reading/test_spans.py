"""A reading from the outputs of the heads."""

import numpy as np
import pytest

from wherefrom.index.reading.spans import MAX_TOKENS, best_span, reading_of
from wherefrom.index.types import Span

OFFSETS = [(0, 3), (4, 9), (10, 15), (0, 0)]
"""Three words and a final special token."""


def scores(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_the_best_start_and_the_best_end_make_the_span() -> None:
    assert best_span(scores(0, 3, 0, 9), scores(0, 1, 2, 9), OFFSETS) == (Span(start=4, end=15), 5.0)


def test_a_span_never_ends_before_it_starts() -> None:
    span, score = best_span(scores(0, 0, 3, 0), scores(5, 0, 1, 0), OFFSETS)
    assert (span, score) == (Span(start=0, end=3), 5.0)


def test_a_span_has_at_most_so_many_tokens() -> None:
    offsets = [(at, at + 1) for at in range(100)]
    starts, ends = np.zeros(100, dtype=np.float32), np.zeros(100, dtype=np.float32)
    starts[0], ends[99] = 5, 5
    span, score = best_span(starts, ends, offsets)
    assert score == 5
    assert span.end - span.start <= MAX_TOKENS


def test_a_passage_without_characters_has_an_empty_span() -> None:
    span, score = best_span(scores(1), scores(2), [(0, 0)])
    assert (span, score) == (Span(start=0, end=0), 3.0)


def test_the_span_counts_against_the_scores_of_no_answer() -> None:
    tokens = np.array([[1, 1], [0, 0], [0, 0], [4, 4], [0, 0], [0, 0]], dtype=np.float32)
    reading = reading_of(scores(0.5, -2), tokens, 2, OFFSETS)
    assert (reading.relevance, reading.answers) == (0.5, -2)
    assert reading.span == Span(start=4, end=9)
    assert reading.span_score == pytest.approx(8 - 2)
