"""The input of the reader's graph: questions and passages, concatenated pair by pair. Pure."""

from collections.abc import Sequence

import numpy as np

from wherefrom.index.embedding.batch_layouts import MIN_TOKENS, IntArray, round_up


def pair_inputs(question: Sequence[int], passages: Sequence[Sequence[int]]) -> tuple[IntArray, ...]:
    """Return the inputs of one batch, which pairs a question with each of the passages; all int64.

    `question` has token ids with the model's special tokens, `passages` without the first special token. The inputs
    are the ids of all tokens, their positions in their pair, and 1 for each token of a passage, each of shape
    (tokens,); and the `slots`, `filled` and `back` of `wherefrom.index.embedding.batch_layouts.PackedLayout`. The end
    is padded to a multiple of MIN_TOKENS, so that there are few distinct shapes.
    """
    lengths = [len(question) + len(passage) for passage in passages]
    size = round_up(sum(lengths), MIN_TOKENS)
    input_ids = np.zeros(size, dtype=np.int64)
    input_ids[: sum(lengths)] = [each for passage in passages for each in (*question, *passage)]
    width = round_up(max(lengths), MIN_TOKENS)
    filled = (np.arange(width) < np.array(lengths)[:, None]).astype(np.int64)
    back = np.zeros(size, dtype=np.int64)
    (back[: sum(lengths)],) = filled.ravel().nonzero()
    places = back % width
    in_passage = (places >= len(question)).astype(np.int64)
    slots = (filled.cumsum().reshape(filled.shape) - 1) * filled
    return input_ids, places, in_passage, slots, filled, back


def balanced(lengths: Sequence[int], parts: int) -> list[list[int]]:
    """Divide positions into at most `parts` lists of about the same total length; none is empty."""
    lists: list[list[int]] = [[] for _ in range(min(parts, len(lengths)))]
    totals = [0] * len(lists)
    for position in sorted(range(len(lengths)), key=lambda each: -lengths[each]):
        shortest = totals.index(min(totals))
        lists[shortest].append(position)
        totals[shortest] += lengths[position]
    return lists
