"""Conditions on extra fields: what a body, a URL and a flag can say, and what they are told when they say it wrong."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.field_conditions import FieldCondition, FieldValue, field_conditions
from wherefrom.service.schemas.extra_conditions import (
    JSON_SCHEMA,
    TEXT_PATTERN,
    conditions_as_json,
    conditions_from_json,
    conditions_from_texts,
)

VALID: list[tuple[dict[str, Any], tuple[FieldCondition, ...]]] = [
    ({}, ()),
    ({"section": "world"}, field_conditions({"section": "world"})),
    ({"section": ["world", "local"], "year": 2016}, field_conditions({"section": ("world", "local"), "year": 2016})),
    ({"opinion": True}, field_conditions({"opinion": True})),
    ({"year": {"from": 2015}}, (FieldCondition(name="year", minimum=2015),)),
    ({"year": {"from": None, "to": 2.5}}, (FieldCondition(name="year", maximum=2.5),)),
    ({"section": None, "year": [], "words": {}}, ()),
]
INVALID: list[tuple[Any, str]] = [
    ("section=world", "must be an object"),
    ({"": 1}, "a name must have 1 to 100 characters"),
    ({"section": {"name": 1}}, "section has an unknown field 'name'; known: from, to"),
    ({"section": [["world"]]}, "section must be a string, a number"),
    ({"year": {"from": "2015"}}, "year must have numbers as its bounds"),
    ({"year": {"from": True}}, "year must have numbers as its bounds"),
    ({"section": ["x"] * 101}, "section must have at most 100 values, not 101"),
    ({"section": "x" * 1_001}, "section must have at most 1000 characters"),
    ({f"field {number}": 1 for number in range(21)}, "must have at most 20 fields, not 21"),
]


@pytest.mark.parametrize(("body", "conditions"), VALID)
def test_a_body_is_read_as_it_is_described(body: dict[str, Any], conditions: tuple[FieldCondition, ...]) -> None:
    assert conditions_from_json(body) == conditions
    assert Draft202012Validator(JSON_SCHEMA).is_valid(body)
    assert conditions_from_json(conditions_as_json(conditions)) == conditions


@pytest.mark.parametrize(("body", "reason"), INVALID)
def test_an_invalid_body_is_refused_with_the_reason(body: object, reason: str) -> None:
    with pytest.raises(InvalidQuestion, match=re.escape(reason)):
        conditions_from_json(body)
    assert not Draft202012Validator(JSON_SCHEMA).is_valid(body)


def test_a_number_that_no_float_can_hold_is_refused() -> None:
    with pytest.raises(InvalidQuestion):
        conditions_from_json({"year": 10**400})
    with pytest.raises(InvalidQuestion):
        conditions_from_json({"year": {"to": float("inf")}})


def test_true_is_not_the_number_one_and_neither_is_a_string() -> None:
    kinds = [conditions_from_json({"x": value}) for value in (True, 1, "1")]
    assert len(set(kinds)) == 3
    assert conditions_from_json({"x": 1}) == conditions_from_json({"x": 1.0})


def test_texts_for_one_name_are_one_condition() -> None:
    assert conditions_from_texts(["section=world", "year>=2015", "year<=2016.5", "section=a=b", "empty="]) == (
        FieldCondition(
            name="section", values=(FieldValue(kind="text", value="world"), FieldValue(kind="text", value="a=b"))
        ),
        FieldCondition(name="year", minimum=2015, maximum=2016.5),
        FieldCondition(name="empty", values=(FieldValue(kind="text", value=""),)),
    )


@pytest.mark.parametrize("text", ["section", "=world", " =world", "year>2015", "year>=soon", "year<=", "a<b=c"])
def test_an_invalid_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuestion, match=r"filters\.extra"):
        conditions_from_texts([text])
    assert not re.search(TEXT_PATTERN, text)


@given(st.text("ab =<>1.-e", max_size=12))
def test_the_described_pattern_takes_what_the_parser_takes(text: str) -> None:
    try:
        conditions_from_texts([text])
    except InvalidQuestion:
        assert not re.search(TEXT_PATTERN, text)
    else:
        assert re.search(TEXT_PATTERN, text)


def test_two_conditions_on_one_field_cannot_be_said_in_a_body() -> None:
    year = FieldCondition(name="year", minimum=1)
    with pytest.raises(InvalidQuestion, match=r"filters\.extra\.year: has more than one condition"):
        conditions_as_json([year, year])
