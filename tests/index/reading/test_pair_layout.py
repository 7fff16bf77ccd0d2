"""The input of the reader's graph."""

from wherefrom.index.reading.pair_layout import balanced, pair_inputs

QUESTION = [101, 7, 102]
SHORT = [8, 102]
LONG = [9] * 19 + [102]


def test_each_pair_is_the_question_and_then_a_passage() -> None:
    input_ids, places, in_passage, slots, filled, back = pair_inputs(QUESTION, [SHORT, LONG])
    assert input_ids.tolist() == [*QUESTION, *SHORT, *QUESTION, *LONG]
    assert places.tolist() == [*range(5), *range(23)]
    assert in_passage.tolist() == [0] * 3 + [1] * 2 + [0] * 3 + [1] * 20
    assert filled.sum(axis=1).tolist() == [5, 23]
    assert slots[filled.astype(bool)].tolist() == list(range(28))
    assert slots[~filled.astype(bool)].tolist() == [0] * (filled.size - 28)
    assert filled.ravel()[back].tolist() == [1] * 28


def test_the_parts_are_about_equal_and_hold_each_position_once() -> None:
    parts = balanced([9, 1, 1, 8, 2], 2)
    assert sorted(position for part in parts for position in part) == [0, 1, 2, 3, 4]
    assert abs(sum([9, 1, 1, 8, 2][at] for at in parts[0]) - sum([9, 1, 1, 8, 2][at] for at in parts[1])) <= 1


def test_no_part_is_empty() -> None:
    assert balanced([5], 2) == [[0]]
    assert balanced([], 2) == []
