"""Validation messages in the terms of JSON, since pydantic's own messages name Python types."""

from collections.abc import Mapping
from typing import Any

STRING = "must be a string"
WHOLE_NUMBER = "must be a whole number"
NUMBER = "must be a number"
ARRAY = "must be an array"
OBJECT = "must be an object"
BOOLEAN = "must be true or false"
MESSAGES: Mapping[str, str] = {
    "missing": "Field required",
    "string_type": STRING,
    "string_unicode": "must hold whole characters, not half a surrogate pair",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match the pattern {pattern}",
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "int_parsing_size": "must be a whole number with fewer digits",
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "literal_error": "must be {expected}",
    "finite_number": "must be a finite number",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "bool_type": BOOLEAN,
    "bool_parsing": BOOLEAN,
    "list_type": ARRAY,
    "tuple_type": ARRAY,
    "too_short": "must have at least {min_length} items, not {actual_length}",
    "too_long": "must have at most {max_length} items, not {actual_length}",
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
}
"""Messages by pydantic's error type, for the errors that a request can cause; `{...}` are values of their context."""
SINGULAR = {" 1 characters": " 1 character", " 1 items": " 1 item"}


def message(error: Mapping[str, Any]) -> str:
    """Return the message for one of pydantic's error details; messages of our own validators are not replaced."""
    template = MESSAGES.get(error["type"])
    if template is None:
        return str(error["msg"]).removeprefix("Value error, ")
    text = template.format_map(error.get("ctx", {}))
    for plural, singular in SINGULAR.items():
        text = text.replace(plural, singular)
    return text
