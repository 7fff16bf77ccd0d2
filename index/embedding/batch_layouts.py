"""Batch layouts: how texts are grouped into batches and laid out in the inputs of an exported graph. Pure functions.

With either layout, a text's output vectors are bit-for-bit the same whatever else is in its batch (docs/decisions.md).
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
"""Minimum padded length in tokens: shorter inputs are no faster, and this limits the number of shapes."""
TOKEN_STEP = 8
PADDING_STEPS = ((MIN_TOKENS, MIN_TOKENS), (128, TOKEN_STEP))
"""Pairs (maximum length, step): a text of at most this length, in tokens, is padded to a multiple of the step."""
LONG_TEXT_STEP = 16
"""The step, in tokens, for texts longer than all of PADDING_STEPS."""
BATCH_TOKENS = 1_024
"""Target number of tokens in a batch: 2 % less time per text than with 512; larger batches save no more."""
MIN_TOKENS_PER_CORE = 32
"""Minimum number of tokens for which a separate batch, on its own core, pays off."""


class BatchLayout(Protocol):
    """Groups texts into batches, builds the graph's inputs, and splits its outputs by text."""

    def batches(self, lengths: Sequence[int], cores: int) -> list[list[int]]:
        """Group texts of these lengths, in tokens, into batches.

        Returns lists of positions in `lengths`, each position once: batches of about BATCH_TOKENS tokens, and at least
        one batch per core if the texts are long enough for that to pay off.
        """

    def inputs(self, encodings: Sequence[Encoding]) -> Mapping[str, IntArray]:
        """Return the graph's inputs for one batch, by name.

        A single text of at most MIN_TOKENS tokens always gives the same shapes.
        """

    def token_rows(self, output: Matrix, lengths: Sequence[int]) -> Iterator[Matrix]:
        """Yield the rows of each text in the graph's token output for a batch; they may include padding at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedLayout:
    """Concatenates the texts of a batch and pads the end; only attention arranges them as a padded table.

    The graph's inputs, all int64:

    - `input_ids`, shape (tokens,): the token ids of all texts, one after another.
    - `places`, shape (tokens,): the position of each token in its text.
    - `slots`, shape (texts, width): the index of the token in each slot of the padded table, 0 in empty slots.
    - `filled`, shape (texts, width): 1 where a slot holds a token, 0 where it is empty.
    - `back`, shape (tokens,): the index of each token's slot in the flattened table.
    """

    pad_id: int

    def batches(self, lengths: Sequence[int], cores: int) -> list[list[int]]:
        """Group texts of similar length, since attention pads to the longest one; balance the tokens of the batches."""
        total = sum(lengths)
        count = max(round_up(total, BATCH_TOKENS) // BATCH_TOKENS, 1)
        if total >= cores * MIN_TOKENS_PER_CORE:
            count = round_up(count, cores)
        batches: list[list[int]] = [[] for _ in range(count)]
        tokens_before = 0
        for position in sorted(range(len(lengths)), key=lambda each: -lengths[each]):
            batches[(2 * tokens_before + lengths[position]) * count // (2 * total)].append(position)
            tokens_before += lengths[position]
        return [batch for batch in batches if batch]

    def inputs(self, encodings: Sequence[Encoding]) -> Mapping[str, IntArray]:
        """Return the inputs listed in the class docstring.

        The width of the table is a multiple of MIN_TOKENS, and the tokens are padded at the end, so that there are few
        distinct shapes: OpenVINO caches compiled code for each, some 100 MB for every possible number of tokens.
        """
        lengths = [len(encoding) for encoding in encodings]
        size = round_up(sum(lengths), MIN_TOKENS)
        indices = _single_text_indices(lengths[0]) if len(lengths) == 1 else _packed_indices(lengths, size)
        ids = [token_id for encoding in encodings for token_id in encoding.ids]
        ids += [self.pad_id] * (len(indices["back"]) - len(ids))
        return {"input_ids": np.array(ids, dtype=np.int64), **indices}

    def token_rows(self, output: Matrix, lengths: Sequence[int]) -> Iterator[Matrix]:
        """Yield consecutive slices of an output of shape (tokens, dimension)."""
        ends = np.cumsum(lengths).tolist()
        return (output[end - length : end] for end, length in zip(ends, lengths, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaddedLayout:
    """Pads each text to a length that depends only on its own length; a batch has texts of one padded length.

    The graph's inputs are those of the tokenizer, int64, each of shape (texts, padded length).
    """

    pad_id: int
    max_tokens: int

    def batches(self, lengths: Sequence[int], cores: int) -> list[list[int]]:  # noqa: ARG002 - only lengths matter here
        """Group texts of the same padded length, up to BATCH_TOKENS tokens in a batch; the longest texts come first."""
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for position, length in enumerate(lengths):
            groups[self.padded_length(length)].append(position)
        batch_sizes = {length: max(BATCH_TOKENS // length, 1) for length in sorted(groups, reverse=True)}
        return [
            groups[length][start : start + batch_size]
            for length, batch_size in batch_sizes.items()
            for start in range(0, len(groups[length]), batch_size)
        ]

    def padded_length(self, length: int) -> int:
        """Return the padded length, in tokens, of a text of this length: at most `max_tokens`."""
        step = next((step for max_length, step in PADDING_STEPS if length <= max_length), LONG_TEXT_STEP)
        return min(round_up(length, step), self.max_tokens)

    def inputs(self, encodings: Sequence[Encoding]) -> Mapping[str, IntArray]:
        """Return tables of one row per text."""
        width = max(self.padded_length(len(encoding)) for encoding in encodings)
        return {
            "input_ids": _table([encoding.ids for encoding in encodings], width, self.pad_id),
            "attention_mask": _table([encoding.attention_mask for encoding in encodings], width, 0),
            "token_type_ids": _table([encoding.type_ids for encoding in encodings], width, 0),
        }

    def token_rows(self, output: Matrix, lengths: Sequence[int]) -> Iterator[Matrix]:
        """Yield the table of each text in an output of shape (texts, tokens, dimension), padding included."""
        return (rows for rows, _ in zip(output, lengths, strict=True))


def round_up(number: int, step: int) -> int:
    """Return the smallest multiple of `step` that is at least `number`."""
    return -(-number // step) * step


@cache
def _single_text_indices(length: int) -> Mapping[str, IntArray]:
    return _packed_indices([length], max(round_up(length, TOKEN_STEP), MIN_TOKENS))


def _packed_indices(lengths: Sequence[int], size: int) -> Mapping[str, IntArray]:
    """Return all inputs of PackedLayout except the token ids.

    `size` is the number of tokens, padding after the last text included.
    """
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


def _table(rows: Sequence[Sequence[int]], width: int, pad_value: int) -> IntArray:
    table = np.full((len(rows), width), pad_value, dtype=np.int64)
    for row, values in enumerate(rows):
        table[row, : len(values)] = values
    return table
