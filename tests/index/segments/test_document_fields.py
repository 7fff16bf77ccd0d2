"""Keys of documents: values of different types are different, and numbers are in their order."""

import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.segments.document_fields import DocumentFields, extra_key, number_of, sortable
from wherefrom.index.segments.segment_builder import SegmentBuilder
from wherefrom.index.storage.rows import IndexedDocument

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**20), 10**20)


def fields_of(extras: Sequence[Mapping[str, ExtraValue]]) -> DocumentFields:
    builder = SegmentBuilder(4)
    for number, extra in enumerate(extras):
        builder.add(
            IndexedDocument(
                document_id=f"d{number}", digest=f"{number:064x}", publisher=None, published=None, rows=(), extra=extra
            )
        )
    return builder.build().documents.fields


@given(NUMBERS, NUMBERS)
def test_digits_sort_as_their_numbers_do(one: float, other: float) -> None:
    assert (sortable(one) < sortable(other)) == (float(one) < float(other))
    assert number_of(sortable(one)) == float(one)


def test_a_number_has_one_key_however_it_is_written_and_types_are_kept_apart() -> None:
    assert extra_key("x", 1) == extra_key("x", 1.0)
    assert extra_key("x", 0.0) == extra_key("x", -0.0)
    assert len({extra_key("x", value) for value in (1, "1", True, "true", 2**60, 2**60 + 1)}) == 6


@given(st.lists(NUMBERS, max_size=8), NUMBERS | st.none(), NUMBERS | st.none())
def test_a_range_finds_the_numbers_within_it_and_nothing_else(
    numbers: list[float], minimum: float | None, maximum: float | None
) -> None:
    extras: list[dict[str, ExtraValue]] = [{"n": number} for number in numbers]
    extras += [{"n": "5"}, {"n": True}, {"m": 5}, {"nn": 5}]
    low, high = (-math.inf if minimum is None else minimum), (math.inf if maximum is None else maximum)
    wanted = [at for at, number in enumerate(numbers) if float(low) <= float(number) <= float(high)]
    assert sorted(set(fields_of(extras).in_range("n", minimum, maximum).tolist())) == wanted


@pytest.mark.parametrize("names", [["a", "b", "a b", 'quo"te', "\x00", "é", "ab", "a, b"]])
def test_every_name_is_listed_once_and_finds_its_own_documents(names: list[str]) -> None:
    fields = fields_of([{name: ("x", number)} for number, name in enumerate(names)])
    assert sorted(fields.extra_names()) == sorted(names)
    for number, name in enumerate(names):
        assert set(fields.having("extra", name).tolist()) == {number}
