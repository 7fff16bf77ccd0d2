"""Extra fields of an article: names and values that a caller gives with it, for use by filters."""

import math
from collections.abc import Mapping
from typing import Any

from wherefrom.index.errors import SourceRejected
from wherefrom.index.field_conditions import ExtraValue, Scalar

MAX_FIELDS = 50
MAX_NAME_CHARACTERS = 100
MAX_VALUES = 100
MAX_VALUE_CHARACTERS = 1_000
KINDS = "a string, a number, true, false, or an array of these"
SCALARS = [{"type": "string", "maxLength": MAX_VALUE_CHARACTERS}, {"type": "number"}, {"type": "boolean"}]
NAME_SCHEMA: Mapping[str, Any] = {"minLength": 1, "maxLength": MAX_NAME_CHARACTERS, "pattern": r"\S"}
EXTRA_SCHEMA: Mapping[str, Any] = {
    "type": ["object", "null"],
    "description": "Further fields that filters can use, by name.",
    "maxProperties": MAX_FIELDS,
    "propertyNames": NAME_SCHEMA,
    "additionalProperties": {
        "anyOf": [
            *SCALARS,
            {"type": "null"},
            {"type": "array", "maxItems": MAX_VALUES, "items": {"anyOf": SCALARS}},
        ]
    },
    "examples": [{"section": "world", "year": 2016, "opinion": False, "tags": ["radar", "treaty"]}],
}
"""JSON Schema of the fields."""


def parse_extra(value: object, source: str) -> Mapping[str, ExtraValue]:
    """Return the fields of a decoded JSON object without those that are `None`. Raise SourceRejected."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SourceRejected.in_field(source, "extra", "it must be an object")
    if len(value) > MAX_FIELDS:
        raise SourceRejected.in_field(source, "extra", f"it may have at most {MAX_FIELDS} fields")
    return {_name(name, source): _value(name, given, source) for name, given in value.items() if given is not None}


def _name(name: str, source: str) -> str:
    if not name.strip() or len(name) > MAX_NAME_CHARACTERS:
        reason = f"a name must have 1 to {MAX_NAME_CHARACTERS} characters, and not be blank"
        raise SourceRejected.in_field(source, "extra", reason)
    return _text(name, "a name", source)


def _value(name: str, value: object, source: str) -> ExtraValue:
    if not isinstance(value, list):
        return _scalar(name, value, source)
    if len(value) > MAX_VALUES:
        raise SourceRejected.in_field(source, f"extra.{name}", f"it may have at most {MAX_VALUES} values")
    return tuple(_scalar(name, each, source) for each in value)


def _scalar(name: str, value: object, source: str) -> Scalar:
    if isinstance(value, str):
        if len(value) > MAX_VALUE_CHARACTERS:
            reason = f"it may have at most {MAX_VALUE_CHARACTERS} characters"
            raise SourceRejected.in_field(source, f"extra.{name}", reason)
        return _text(value, name, source)
    if not isinstance(value, int | float):
        raise SourceRejected.in_field(source, f"extra.{name}", f"it must be {KINDS}")
    if not is_double(value):
        raise SourceRejected.in_field(source, f"extra.{name}", "it must be a number that a 64-bit float can hold")
    return value


def is_double(number: float) -> bool:
    """Return whether a number is finite and within the range of 64-bit floats."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _text(value: str, name: str, source: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        reason = f"{name!a} holds half a character (a lone surrogate)"
        raise SourceRejected.in_field(source, "extra", reason) from error
    return value
