"""The input of the reader's upper layers: the states of questions and passages, concatenated pair by pair. Pure."""

from collections.abc import Sequence

import numpy as np

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.batch_layouts import MIN_TOKENS, IntArray, round_up


def pair_inputs(question: Matrix, passages: Sequence[Matrix]) -> tuple[Matrix, Matrix, IntArray, IntArray, IntArray]:
    """Return the inputs of one batch, which pairs a question with each of the passages.

    `question` has shape (tokens, dimension) and begins with the model's first special token; `passages` are without it.
    Returned are the states of all tokens, shape (tokens, dimension); 1 for each token of a passage and 0 for each of
    the question, shape (tokens,); and the `slots`, `filled` and `back` of
    `wherefrom.index.embedding.batch_layouts.PackedLayout`.
    """
    lengths = [len(question) + len(passage) for passage in passages]
    states = np.concatenate([each for passage in passages for each in (question, passage)], dtype=np.float32)
    width = round_up(max(lengths), MIN_TOKENS)
    places = np.arange(width)
    filled = (places < np.array(lengths)[:, None]).astype(np.int64)
    (back,) = filled.ravel().nonzero()
    in_passage = (back % width >= len(question)).astype(np.float32)
    slots = (filled.cumsum().reshape(filled.shape) - 1) * filled
    return states, in_passage, slots, filled, back


def balanced(lengths: Sequence[int], parts: int) -> list[list[int]]:
    """Divide positions into at most `parts` lists of about the same total length; none is empty."""
    lists: list[list[int]] = [[] for _ in range(min(parts, len(lengths)))]
    totals = [0] * len(lists)
    for position in sorted(range(len(lengths)), key=lambda each: -lengths[each]):
        shortest = totals.index(min(totals))
        lists[shortest].append(position)
        totals[shortest] += lengths[position]
    return lists
