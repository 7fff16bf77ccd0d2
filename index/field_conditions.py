"""Conditions on the extra fields that were given with a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

Scalar = str | int | float | bool
ExtraValue = Scalar | tuple[Scalar, ...]
"""The value of an extra field of a document, or its values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """A value that an extra field is compared with; `True`, 1 and "1" are three different values.

    The kind "text" is for values from a URL or a command-line flag: it matches the string, the number and the boolean
    of this spelling.
    """

    kind: Literal["string", "number", "boolean", "text"]
    value: Scalar

    @classmethod
    def of(cls, value: Scalar) -> Self:
        """Return a value with its kind in JSON."""
        if isinstance(value, bool):
            return cls(kind="boolean", value=value)
        return cls(kind="string" if isinstance(value, str) else "number", value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCondition:
    """Requires an extra field to have one of `values` (if any), and a number from `minimum` to `maximum`, inclusive."""

    name: str
    values: tuple[FieldValue, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


def field_conditions(values: Mapping[str, Scalar | Sequence[Scalar]]) -> tuple[FieldCondition, ...]:
    """Return one condition per extra field: that it has the given value, or one of the given values."""
    return tuple(
        FieldCondition(
            name=name,
            values=tuple(map(FieldValue.of, [value] if isinstance(value, str | int | float) else value)),
        )
        for name, value in values.items()
    )
