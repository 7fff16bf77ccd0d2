"""Corrections of metadata by hand, which override the metadata from the source and that given with it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal, get_args

from wherefrom.index.types import Metadata

CorrectableField = Literal["title", "publisher", "authors", "published"]
Corrections = Mapping[CorrectableField, str | tuple[str, ...] | date | None]
"""The value of each corrected field; `None`, or an empty tuple of authors, removes the value."""
CORRECTABLE_FIELDS: tuple[CorrectableField, ...] = get_args(CorrectableField)
BY_HAND = "by-hand"
"""The origin of a corrected value, also of a removed one."""


def merged(corrections: Corrections, values: Corrections, restored: Collection[CorrectableField]) -> Corrections:
    """Return corrections updated with `values` and without the restored fields, in the order of CORRECTABLE_FIELDS.

    White space in `values` is collapsed, as it is in metadata that is given with a source.
    """
    both = {**corrections, **{name: _one_line(value) for name, value in values.items()}}
    return {name: both[name] for name in CORRECTABLE_FIELDS if name in both and name not in restored}


def corrected(metadata: Metadata, corrections: Corrections) -> Metadata:
    """Return metadata with corrected values, which have no evidence in the source."""
    values: dict[str, Any] = {str(name): value for name, value in corrections.items()}
    return replace(
        metadata,
        **values,
        origins={**metadata.origins, **dict.fromkeys(values, BY_HAND)},
        evidence={name: spans for name, spans in metadata.evidence.items() if name not in values},
    )


def _one_line(value: str | tuple[str, ...] | date | None) -> str | tuple[str, ...] | date | None:
    if isinstance(value, tuple):
        return tuple([" ".join(text.split()) for text in value])
    return " ".join(value.split()) if isinstance(value, str) else value
