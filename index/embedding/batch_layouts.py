"""How texts lie in a model's inputs, and which go through it together. Pure.

Whatever the layout, a text's row of the exported graph is the same, bit for bit, whatever else is in its batch
(docs/decisions.md).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding

from wherefrom.index.arrays import Matrix

IntArray = npt.NDArray[np.int64]
LayoutName = Literal["packed", "padded"]

MIN_TOKENS = 16
"""Tokens that every text has room for: fewer take no less time, and there are fewer shapes."""
STEP = 8
PADDING_STEPS = ((MIN_TOKENS, MIN_TOKENS), (128, STEP))
LONG_TEXT_STEP = 16
BATCH_TOKENS = 1_024
"""Tokens in a batch: a text costs a fiftieth less than in one of 512, and no less in larger ones."""
MIN_TOKENS_PER_CORE = 32
"""Tokens that are worth a batch, and a core, of their own."""


class Layout(Protocol):
    """Texts to inputs and outputs to texts."""

    def batches(self, lengths: Sequence[int], cores: int) -> list[list[int]]:
        """The positions of every text once, in batches of about BATCH_TOKENS tokens and, if they are worth it, one a core."""

    def inputs(self, encodings: Sequence[Encoding]) -> Mapping[str, IntArray]:
        """What the graph takes for a batch, by name; one text of at most MIN_TOKENS tokens always in the same shapes."""

    def tokens(self, output: Matrix, lengths: Sequence[int]) -> Iterator[Matrix]:
        """Each text's rows of what the graph gives for the tokens of a batch, among them all that are the text's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedLayout:
    """Texts one behind another without padding; only attention lays them side by side, a row of `slots` each.

    The graph takes `input_ids` and `places`, the place of each token in its text, both of shape (tokens,); `slots`, the
    token in each slot, and `filled`, whether there is one, both of shape (texts, slots); and `back`, each token's slot
    counted from the first of all.
    """

    pad_id: int

    def batches(self, lengths: Sequence[int], cores: int) -> list[list[int]]:
        """Texts of like length together, since the longest is what attention costs; a like number of tokens in each."""
        total = sum(lengths)
        count = max(round_up(total, BATCH_TOKENS) // BATCH_TOKENS, 1)
        if total >= cores * MIN_TOKENS_PER_CORE:
            count = round_up(count, cores)
        batches: list[list[int]] = [[] for _ in range(count)]
        before = 0
        for position in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
            batches[(2 * before + lengths[position]) * count // (2 * total)].append(position)
            before += lengths[position]
        return [batch for batch in batches if batch]

    def inputs(self, encodings: Sequence[Encoding]) -> Mapping[str, IntArray]:
        """Slots are a multiple of MIN_TOKENS, and tokens of a text alone are rounded up, so that there are few shapes."""
        lengths = [len(each) for each in encodings]
        placed = _placed_alone(lengths[0]) if len(lengths) == 1 else _placed(lengths, sum(lengths))
        ids = [token for each in encodings for token in each.ids]
        ids += [self.pad_id] * (len(placed["back"]) - len(ids))
        return {"input_ids": np.array(ids, dtype=np.int64), **placed}

    def tokens(self, output: Matrix, lengths: Sequence[int]) -> Iterator[Matrix]:
        """Stretches of rows, one behind another."""
        ends = np.cumsum(lengths).tolist()
        return (output[end - length : end] for end, length in zip(ends, lengths, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaddedLayout:
    """Texts side by side, each padded to a length that follows from its own alone: only those of one go together.

    The graph takes what the tokenizer gives, each of shape (texts, tokens).
    """

    pad_id: int
    most: int

    def batches(self, lengths: Sequence[int], cores: int) -> list[list[int]]:  # noqa: ARG002 - lengths divide them
        """As many of one padded length as the tokens allow; the longest first."""
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for position, length in enumerate(lengths):
            groups[self.padded(length)].append(position)
        sizes = {length: max(BATCH_TOKENS // length, 1) for length in sorted(groups, reverse=True)}
        return [
            groups[length][start : start + size]
            for length, size in sizes.items()
            for start in range(0, len(groups[length]), size)
        ]

    def padded(self, length: int) -> int:
        """The length that a text of so many tokens is padded to."""
        step = next((step for limit, step in PADDING_STEPS if length <= limit), LONG_TEXT_STEP)
        return min(round_up(length, step), self.most)

    def inputs(self, encodings: Sequence[Encoding]) -> Mapping[str, IntArray]:
        """Tables of a row a text."""
        length = max(self.padded(len(each)) for each in encodings)
        return {
            "input_ids": _table([each.ids for each in encodings], length, self.pad_id),
            "attention_mask": _table([each.attention_mask for each in encodings], length, 0),
            "token_type_ids": _table([each.type_ids for each in encodings], length, 0),
        }

    def tokens(self, output: Matrix, lengths: Sequence[int]) -> Iterator[Matrix]:
        """The row of each text, padding included."""
        return (row for row, _ in zip(output, lengths, strict=True))


def round_up(number: int, step: int) -> int:
    """The next multiple of a step."""
    return -(-number // step) * step


@cache
def _placed_alone(length: int) -> Mapping[str, IntArray]:
    return _placed([length], max(round_up(length, STEP), MIN_TOKENS))


def _placed(lengths: Sequence[int], size: int) -> Mapping[str, IntArray]:
    """All that `PackedLayout` gives the graph beside the tokens, of which there are `size` with those after the last text."""
    width = round_up(max(lengths), MIN_TOKENS)
    filled = (np.arange(width) < np.array(lengths)[:, None]).astype(np.int64)
    back = np.zeros(size, dtype=np.int64)
    (back[: sum(lengths)],) = filled.ravel().nonzero()
    return {
        "places": back % width,
        "slots": (filled.cumsum().reshape(filled.shape) - 1) * filled,
        "filled": filled,
        "back": back,
    }


def _table(rows: Sequence[Sequence[int]], length: int, filler: int) -> IntArray:
    table = np.full((len(rows), length), filler, dtype=np.int64)
    for row, numbers in enumerate(rows):
        table[row, : len(numbers)] = numbers
    return table
