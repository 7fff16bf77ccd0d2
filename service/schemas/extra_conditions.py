"""Parses and formats conditions on extra fields: as JSON in a body, and as texts, `NAME=VALUE`, in a URL or a flag."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.field_conditions import FieldCondition, FieldValue
from wherefrom.index.sources.extra_fields import (
    MAX_NAME_CHARACTERS,
    MAX_VALUE_CHARACTERS,
    MAX_VALUES,
    NAME_SCHEMA,
    is_double,
)

FIELD = "filters.extra"
MAX_CONDITIONS = 20
TEXT = re.compile(r"(?P<name>[^=<>]+)(?P<comparison>>=|<=|=)(?P<value>.*)", re.DOTALL)
TEXT_PATTERN = r"^[^=<>]*[^=<>\s][^=<>]*(=[\s\S]*|[<>]=[-+]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?)$"
"""The texts that `conditions_from_texts` accepts, as a pattern for JSON Schema."""
NUMBER = re.compile(r"[-+]?\d{1,30}(?:\.\d{1,30})?(?:[eE][-+]?\d{1,3})?", re.ASCII)
SCALARS = [{"type": "string", "maxLength": MAX_VALUE_CHARACTERS}, {"type": "number"}, {"type": "boolean"}]
BOUND: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "null"}]}
JSON_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": (
        "Only documents whose extra fields have these values: for each field a string, a number or a boolean, an"
        ' array of them of which one must match, or an inclusive range of numbers, {"from": 1, "to": 5}.'
    ),
    "maxProperties": MAX_CONDITIONS,
    "propertyNames": NAME_SCHEMA,
    "additionalProperties": {
        "anyOf": [
            *SCALARS,
            {"type": "array", "items": {"anyOf": SCALARS}, "maxItems": MAX_VALUES},
            {
                "type": "object",
                "properties": {
                    "from": {**BOUND, "description": "The least number."},
                    "to": {**BOUND, "description": "The greatest number."},
                },
                "additionalProperties": False,
            },
            {"type": "null"},
        ]
    },
    "examples": [{"section": ["world", "local"], "year": {"from": 2015, "to": 2016}, "opinion": False}],
}


def conditions_from_json(value: object) -> tuple[FieldCondition, ...]:
    """Return the conditions in a decoded JSON object; null, `[]` and `{}` are not conditions. Raise InvalidQuestion."""
    if not isinstance(value, Mapping):
        raise InvalidQuestion(FIELD, "must be an object")
    if len(value) > MAX_CONDITIONS:
        raise InvalidQuestion(FIELD, f"must have at most {MAX_CONDITIONS} fields, not {len(value)}")
    given = {_checked_name(name): wanted for name, wanted in value.items() if wanted not in (None, [], {})}
    return tuple(_condition(name, wanted) for name, wanted in given.items())


def conditions_from_texts(texts: Iterable[str]) -> tuple[FieldCondition, ...]:
    """Return the conditions in texts: `NAME=VALUE`, `NAME>=NUMBER` or `NAME<=NUMBER`. Raise InvalidQuestion.

    All texts of the same name make one condition. A value matches a string, and the number or boolean that it denotes.
    """
    values: dict[str, list[FieldValue]] = {}
    bounds: dict[str, dict[str, float]] = {}
    for text in texts:
        match = TEXT.fullmatch(text)
        if match is None:
            raise InvalidQuestion(FIELD, f"{text!r} is not NAME=VALUE, NAME>=NUMBER or NAME<=NUMBER")
        name = _checked_name(match["name"])
        values.setdefault(name, [])
        if match["comparison"] == "=":
            values[name].append(FieldValue(kind="text", value=match["value"]))
        elif NUMBER.fullmatch(match["value"]):
            bound = "minimum" if match["comparison"] == ">=" else "maximum"
            bounds.setdefault(name, {})[bound] = float(match["value"])
        else:
            raise InvalidQuestion(FIELD, f"{match['value']!r} is not a number, in {text!r}")
    return tuple(
        FieldCondition(name=name, values=tuple(wanted), **bounds.get(name, {})) for name, wanted in values.items()
    )


def conditions_as_json(conditions: Sequence[FieldCondition]) -> dict[str, object]:
    """Return the JSON object that `conditions_from_json` parses. Raise InvalidQuestion if JSON cannot express it."""
    body: dict[str, object] = {}
    for condition in conditions:
        bounds = {"from": condition.minimum, "to": condition.maximum}
        has_bounds = any(bound is not None for bound in bounds.values())
        if condition.name in body or (condition.values and has_bounds):
            raise InvalidQuestion(f"{FIELD}.{condition.name}", "has more than one condition")
        body[condition.name] = bounds if has_bounds else [value.value for value in condition.values]
    return body


def conditions_as_texts(conditions: Iterable[FieldCondition]) -> list[str]:
    """Return the texts that `conditions_from_texts` parses, which does not distinguish strings from numbers."""
    texts: list[str] = []
    for condition in conditions:
        values = [value.value for value in condition.values]
        shown = [str(value).lower() if isinstance(value, bool) else value for value in values]
        texts += [f"{condition.name}={value}" for value in shown]
        bounds = ((">=", condition.minimum), ("<=", condition.maximum))
        texts += [f"{condition.name}{sign}{bound!r}" for sign, bound in bounds if bound is not None]
    return texts


def _condition(name: str, wanted: object) -> FieldCondition:
    if isinstance(wanted, Mapping):
        if unknown := sorted(set(wanted) - {"from", "to"}):
            raise InvalidQuestion(FIELD, f"{name} has an unknown field {unknown[0]!r}; known: from, to")
        minimum, maximum = (_bound(name, wanted.get(bound)) for bound in ("from", "to"))
        return FieldCondition(name=name, minimum=minimum, maximum=maximum)
    values = wanted if isinstance(wanted, list | tuple) else [wanted]
    if len(values) > MAX_VALUES:
        raise InvalidQuestion(FIELD, f"{name} must have at most {MAX_VALUES} values, not {len(values)}")
    return FieldCondition(name=name, values=tuple(_value(name, value) for value in values))


def _value(name: str, value: object) -> FieldValue:
    if isinstance(value, str):
        if len(value) > MAX_VALUE_CHARACTERS:
            raise InvalidQuestion(FIELD, f"{name} must have at most {MAX_VALUE_CHARACTERS} characters")
    elif not isinstance(value, int | float) or not is_double(value):
        raise InvalidQuestion(FIELD, f"{name} must be a string, a number, true, false, an array of these, or a range")
    return FieldValue.of(value)


def _bound(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not is_double(value):
        raise InvalidQuestion(FIELD, f"{name} must have numbers as its bounds")
    return value


def _checked_name(name: object) -> str:
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME_CHARACTERS:
        raise InvalidQuestion(FIELD, f"a name must have 1 to {MAX_NAME_CHARACTERS} characters, and not be blank")
    return name
