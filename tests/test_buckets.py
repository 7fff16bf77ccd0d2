from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from index.buckets import TOKENS, batches, padded

Lengths = st.lists(st.integers(min_value=2, max_value=256), max_size=200)


@given(Lengths)
def test_every_text_is_in_one_batch_at_the_length_that_is_its_own(lengths: list[int]) -> None:
    placed = {position: length for length, positions in batches(lengths, 256) for position in positions}
    assert placed == {position: padded(length, 256) for position, length in enumerate(lengths)}
    assert sum(len(positions) for _, positions in batches(lengths, 256)) == len(lengths)


@given(Lengths)
def test_batches_are_bounded_and_all_of_a_length_but_the_last_are_full(lengths: list[int]) -> None:
    sizes: defaultdict[int, list[int]] = defaultdict(list)
    for length, positions in batches(lengths, 256):
        assert len(positions) * length <= TOKENS
        sizes[length].append(len(positions))
    assert all(size == TOKENS // length for length, taken in sizes.items() for size in taken[:-1])


def test_a_text_longer_than_a_batch_goes_alone() -> None:
    assert list(batches([2_000, 2_000], 4_096)) == [(2_000, [0]), (2_000, [1])]


def test_no_text_is_padded_beyond_what_the_model_reads() -> None:
    assert padded(250, 250) == 250
    assert [padded(length, 256) for length in (1, 16, 17, 33, 129, 256)] == [16, 16, 24, 40, 144, 256]
