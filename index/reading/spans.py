"""A reading from the outputs of the reader's heads for one pair. Pure."""

from collections.abc import Sequence

import numpy as np

from wherefrom.index.arrays import Matrix
from wherefrom.index.reading.protocol import Reading
from wherefrom.index.types import Span

MAX_TOKENS = 30
"""The longest answer, in tokens."""


def best_span(starts: Matrix, ends: Matrix, offsets: Sequence[tuple[int, int]]) -> tuple[Span, float]:
    """Return the characters of the best answer and the sum of its scores.

    `starts` and `ends`, shape (tokens,), are the scores of the passage's tokens, and `offsets` their character ranges;
    no answer contains a token without characters, such as a special token.
    """
    usable = np.array([end > start for start, end in offsets], dtype=bool)
    if not usable.any():
        return Span(start=0, end=0), float(starts.min() + ends.min())
    starts, ends = np.where(usable, starts, -np.inf), np.where(usable, ends, -np.inf)
    sums = starts[:, None] + ends[None, :]
    tokens = np.arange(len(offsets))
    length = tokens[None, :] - tokens[:, None]
    sums[(length < 0) | (length >= MAX_TOKENS)] = -np.inf
    first, last = divmod(int(sums.argmax()), len(offsets))
    return Span(start=offsets[first][0], end=offsets[last][1]), float(sums[first, last])


def reading_of(scores: Matrix, tokens: Matrix, question_tokens: int, offsets: Sequence[tuple[int, int]]) -> Reading:
    """Return the reading from the outputs of the heads for a pair.

    `scores`, shape (2,), are the relevance and the answer log-odds of the pair. `tokens`, shape (tokens, 2), are the
    start and end scores of its tokens, of which the first `question_tokens` belong to the question; the scores of the
    first token stand for no answer. `offsets` are the character ranges of the passage's tokens.
    """
    span, score = best_span(tokens[question_tokens:, 0], tokens[question_tokens:, 1], offsets)
    return Reading(
        relevance=float(scores[0]),
        answers=float(scores[1]),
        span_score=score - float(tokens[0].sum()),
        span=span,
    )
