"""The input of the reader's graph."""

from wherefrom.index.reading.pair_layout import balanced, pair_inputs

QUESTION = [101, 7, 102]
SHORT = [8, 102]
LONG = [9] * 19 + [102]


def test_each_pair_is_the_question_and_then_a_passage() -> None:
    input_ids, places, in_passage, slots, filled, back = pair_inputs(QUESTION, [SHORT, LONG])
    assert input_ids[:28].tolist() == [*QUESTION, *SHORT, *QUESTION, *LONG]
    assert places[:28].tolist() == [*range(5), *range(23)]
    assert in_passage[:28].tolist() == [0] * 3 + [1] * 2 + [0] * 3 + [1] * 20
    assert filled.sum(axis=1).tolist() == [5, 23]
    assert slots[filled.astype(bool)].tolist() == list(range(28))
    assert slots[~filled.astype(bool)].tolist() == [0] * (filled.size - 28)
    assert filled.ravel()[back].tolist() == [1] * 32
    assert len(set(back[:28].tolist())) == 28


def test_tokens_are_padded_at_the_end_so_that_there_are_few_shapes() -> None:
    inputs = [pair_inputs(QUESTION, [[8] * (size - len(QUESTION))]) for size in range(17, 33)]
    assert {tuple(values.shape for values in each) for each in inputs} == {
        ((32,), (32,), (32,), (1, 32), (1, 32), (32,))
    }
    assert all(not each[0][size:].any() for size, each in enumerate(inputs, 17))
    assert all(not each[2][size:].any() for size, each in enumerate(inputs, 17))


def test_the_parts_are_about_equal_and_hold_each_position_once() -> None:
    parts = balanced([9, 1, 1, 8, 2], 2)
    assert sorted(position for part in parts for position in part) == [0, 1, 2, 3, 4]
    assert abs(sum([9, 1, 1, 8, 2][at] for at in parts[0]) - sum([9, 1, 1, 8, 2][at] for at in parts[1])) <= 1


def test_no_part_is_empty() -> None:
    assert balanced([5], 2) == [[0]]
    assert balanced([], 2) == []
