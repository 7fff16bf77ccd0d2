"""Extra fields are scalars or arrays of them; anything else is refused by the field's name."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extra_fields import EXTRA_SCHEMA, MAX_FIELDS, MAX_VALUES, parse_extra
from wherefrom.index.sources.json_article import parse_article

TAKEN: list[Any] = [
    {},
    {"section": "world", "year": 2016, "score": 1.5, "opinion": False},
    {"tags": ["radar", 3, True], "none": None, "empty": []},
    {"ein Feld": "Wert", "字段": "值"},
]
REFUSED: list[tuple[Any, str]] = [
    ([], "extra: it must be an object"),
    ({"section": {"name": "world"}}, "extra.section: it must be a string, a number, true, false, or an array of these"),
    ({"tags": [["radar"]]}, "extra.tags"),
    ({"tags": [None]}, "extra.tags"),
    ({"tags": ["x"] * (MAX_VALUES + 1)}, "at most 100 values"),
    ({" ": 1}, "a name must have 1 to 100 characters"),
    ({"x" * 101: 1}, "a name must have 1 to 100 characters"),
    ({"x": "y" * 1_001}, "at most 1000 characters"),
    ({f"field {number}": 1 for number in range(MAX_FIELDS + 1)}, "at most 50 fields"),
]
NOT_JSON: list[tuple[Any, str]] = [
    ({"x": 10**400}, "a number that a 64-bit float can hold"),
    ({"x": float("nan")}, "a number that a 64-bit float can hold"),
    ({"x": "\ud800"}, "half a character"),
    ({"\udcff": 1}, "half a character"),
]


@pytest.mark.parametrize("extra", TAKEN)
def test_scalars_and_arrays_of_them_are_taken_as_they_are(extra: dict[str, Any]) -> None:
    present = {name: tuple(value) if isinstance(value, list) else value for name, value in extra.items()}
    present.pop("none", None)
    assert parse_extra(extra, "a") == present
    assert Draft202012Validator(EXTRA_SCHEMA).is_valid(extra)


@pytest.mark.parametrize(("extra", "reason"), [*REFUSED, *NOT_JSON])
def test_anything_else_is_refused_with_the_reason(extra: object, reason: str) -> None:
    with pytest.raises(SourceRejected, match="extra") as refused:
        parse_extra(extra, "a")
    assert reason in str(refused.value)


@pytest.mark.parametrize("extra", [extra for extra, _ in REFUSED])
def test_the_schema_refuses_what_the_parser_refuses(extra: object) -> None:
    assert not Draft202012Validator(EXTRA_SCHEMA).is_valid(extra)


def test_an_article_may_give_its_language_and_extra_fields() -> None:
    given = parse_article({"text": "x", "language": "en_gb", "extra": {"year": 2016}}, source="a").given
    assert (given.language, given.extra) == ("en-GB", {"year": 2016})
    assert parse_article({"text": "x", "language": None, "extra": None}, source="a").given.extra == {}


def test_the_name_of_a_language_is_refused() -> None:
    with pytest.raises(SourceRejected, match="language: 'English' is not a language tag, such as en or pt-BR"):
        parse_article({"text": "x", "language": "English"}, source="a")
