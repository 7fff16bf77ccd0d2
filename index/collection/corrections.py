"""Metadata that a person has corrected: it stands above what the source says and what was given with it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal, get_args

from wherefrom.index.types import Metadata

CorrectableField = Literal["title", "publisher", "authors", "published"]
Corrections = Mapping[CorrectableField, str | tuple[str, ...] | date | None]
"""The value of each corrected field; `None`, or no authors, if the document is to have none."""
CORRECTABLE_FIELDS: tuple[CorrectableField, ...] = get_args(CorrectableField)
BY_HAND = "by-hand"
"""The origin of a corrected value, also where it is none."""


def merged(corrections: Corrections, values: Corrections, restored: Collection[CorrectableField]) -> Corrections:
    """Return corrections with further values, and without those of the restored fields; in the order of the fields."""
    both = {**corrections, **values}
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
