from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Encoding, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from wherefrom.index.embedding.batch_layouts import (
    BATCH_TOKENS,
    MIN_TOKENS,
    MIN_TOKENS_PER_CORE,
    BatchLayout,
    PackedLayout,
    PaddedLayout,
)

PACKED, PADDED = PackedLayout(pad_id=9), PaddedLayout(pad_id=9, max_tokens=256)
Lengths = st.lists(st.integers(min_value=1, max_value=256), max_size=200)
Layouts = st.sampled_from([PACKED, PADDED])
VOCABULARY = {str(number): number for number in range(10)}


def encodings(lengths: Sequence[int]) -> list[Encoding]:
    tokenizer = Tokenizer(WordLevel(VOCABULARY, unk_token="0"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = Whitespace()
    return [tokenizer.encode(" ".join(str(1 + place % 8) for place in range(length))) for length in lengths]


@given(Layouts, Lengths, st.integers(min_value=1, max_value=8))
def test_every_text_is_in_exactly_one_batch_and_no_batch_is_empty(
    layout: BatchLayout, lengths: list[int], cores: int
) -> None:
    batches = layout.batches(lengths, cores)
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    assert all(batches)


@given(Lengths, st.integers(min_value=1, max_value=8))
def test_packed_batches_have_similar_numbers_of_tokens(lengths: list[int], cores: int) -> None:
    sizes = [sum(lengths[position] for position in batch) for batch in PACKED.batches(lengths, cores)]
    assert all(size <= BATCH_TOKENS + max(lengths) for size in sizes)
    if sum(lengths) >= cores * MIN_TOKENS_PER_CORE and max(lengths) * cores <= sum(lengths):
        assert len(sizes) >= cores


@given(Lengths)
def test_padded_batches_hold_texts_of_one_padded_length_within_the_token_limit(lengths: list[int]) -> None:
    for batch in PADDED.batches(lengths, 2):
        (length,) = {PADDED.padded_length(lengths[position]) for position in batch}
        assert len(batch) * length <= BATCH_TOKENS


def test_a_text_longer_than_a_batch_has_a_batch_of_its_own() -> None:
    assert sorted(PACKED.batches([2_000, 2_000], 2)) == [[0], [1]]
    assert PaddedLayout(pad_id=0, max_tokens=4_096).batches([2_000, 2_000], 2) == [[0], [1]]


def test_no_text_is_padded_beyond_the_models_limit() -> None:
    assert PaddedLayout(pad_id=0, max_tokens=250).padded_length(250) == 250
    assert [PADDED.padded_length(length) for length in (1, 16, 17, 33, 129, 256)] == [16, 16, 24, 40, 144, 256]


@given(st.lists(st.integers(min_value=1, max_value=70), min_size=1, max_size=12))
def test_packed_texts_are_concatenated_and_each_has_a_row_of_slots(lengths: list[int]) -> None:
    texts = encodings(lengths)
    inputs = PACKED.inputs(texts)
    ids = np.concatenate([text.ids for text in texts])
    assert inputs["input_ids"][: len(ids)].tolist() == ids.tolist()
    assert inputs["places"][: len(ids)].tolist() == [place for length in lengths for place in range(length)]
    assert inputs["filled"].sum(axis=1).tolist() == lengths
    ids_of_slots = inputs["input_ids"][inputs["slots"]]
    assert [row[:length].tolist() for row, length in zip(ids_of_slots, lengths, strict=True)] == [t.ids for t in texts]
    assert inputs["slots"].ravel()[inputs["back"][: len(ids)]].tolist() == list(range(len(ids)))
    assert inputs["slots"].shape[1] % MIN_TOKENS == 0


@pytest.mark.parametrize("layout", [PACKED, PADDED])
def test_a_single_short_text_has_the_same_shapes_whatever_its_length(layout: BatchLayout) -> None:
    shapes = {
        tuple((name, values.shape) for name, values in layout.inputs(encodings([length])).items())
        for length in range(1, MIN_TOKENS + 1)
    }
    assert len(shapes) == 1


def test_few_numbers_of_tokens_occur_whatever_texts_are_packed() -> None:
    sizes = {len(PACKED.inputs(encodings([20, length]))["input_ids"]) for length in range(1, 61)}
    assert sizes == {32, 48, 64, 80}


def test_each_text_gets_its_own_rows_of_the_token_output() -> None:
    packed = np.arange(10, dtype=np.float32).reshape(5, 2)
    assert [rows.tolist() for rows in PACKED.token_rows(packed, [2, 3])] == [packed[:2].tolist(), packed[2:].tolist()]
    padded = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    assert [rows.tolist() for rows in PADDED.token_rows(padded, [2, 3])] == padded.tolist()
