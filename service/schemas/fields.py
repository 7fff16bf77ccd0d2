"""Field types of requests with their bounds, and a model that refuses unknown fields."""

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from wherefrom.index.ranking.question_limits import MAX_QUESTION, MAX_TOP_K

MAX_FILTER_VALUES = 100
MAX_SHOWN_NAME_CHARACTERS = 100
MAX_METADATA_CHARACTERS = 2_000
EXAMPLE = "why does Russia object to the X-band radar?"


class StrictModel(BaseModel):
    """A part of a request that refuses unknown fields and suggests similar known ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_fields(cls, given: object) -> object:
        known = cls.model_fields
        for name in given if isinstance(given, Mapping) else ():
            if name not in known:
                raise _unknown_field(name[:MAX_SHOWN_NAME_CHARACTERS], list(known))
        return given


def _unknown_field(name: str, known: list[str]) -> PydanticCustomError:
    """Return the error for an unknown field; lone surrogates, which JSON can spell but UTF-8 cannot, are escaped."""
    shown = name.encode("utf-8", "backslashreplace").decode()
    close = get_close_matches(name, known)
    hint = f"close: {', '.join(close)}" if close else f"known: {', '.join(known)}"
    context = {"name": shown, "close": close, "hint": hint}
    return PydanticCustomError("unknown_field", "unknown field; {hint}", context)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "must hold more than white space")
    return text


def _iso_date(value: object) -> object:
    """Parse a date as YYYY-MM-DD only; pydantic would also take numbers and times."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date", "must be a day like 2016-02-29")


def _json_number(value: object) -> object:
    """Refuse strings and booleans, which pydantic would convert to numbers; 5.0 counts as 5, as in JSON."""
    if isinstance(value, str | bool):
        raise PydanticCustomError("number", "must be a whole number")
    return value


Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        description="The question, in plain words.",
        examples=[EXAMPLE],
        json_schema_extra={"pattern": r"\S"},
    ),
    AfterValidator(_not_blank),
]
JsonNumber = BeforeValidator(_json_number)
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="Maximum number of passages to return.")]
MaxPerDocument = Annotated[int | None, Field(ge=1, description="Maximum number of passages from one document.")]
Explain = Annotated[bool, Field(description="Include the scores of each passage.")]

_Values = Annotated[tuple[str, ...], Field(max_length=MAX_FILTER_VALUES)]
Publishers = Annotated[_Values, Field(description="Only documents of these publishers.")]
DocumentIds = Annotated[_Values, Field(description="Only these documents.")]

_Day = Annotated[date | None, BeforeValidator(_iso_date)]
PublishedFrom = Annotated[_Day, Field(description="Only documents published on this day or later.")]
PublishedTo = Annotated[_Day, Field(description="Only documents published on this day or earlier.")]
PublishedOn = Annotated[_Day, Field(description="The day the document was published.")]

_Text = Annotated[str, Field(min_length=1, max_length=MAX_METADATA_CHARACTERS), AfterValidator(_not_blank)]
GivenText = Annotated[_Text | None, Field(description="Replaces what the source says.")]
GivenTexts = Annotated[
    tuple[_Text, ...], Field(max_length=MAX_FILTER_VALUES, description="Replace what the source says.")
]
GivenUrl = Annotated[_Text | None, Field(pattern="^https?://", description="Where the document was published.")]
