"""The fields of requests and their bounds, and models that let no unknown field through."""

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from wherefrom.index.ranking.question_limits import MAX_QUESTION, MAX_TOP_K

MOST_FILTER_VALUES = 100
MOST_NAME = 100
MOST_GIVEN = 2_000
EXAMPLE = "why does Russia object to the X-band radar?"


class Closed(BaseModel):
    """A part of a request that refuses fields it does not know, naming close ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_fields(cls, given: object) -> object:
        known = cls.model_fields
        for name in given if isinstance(given, Mapping) else ():
            if name not in known:
                raise _unknown_field(name[:MOST_NAME], list(known))
        return given


def _unknown_field(name: str, known: list[str]) -> PydanticCustomError:
    """Name the field in a form that can be encoded: JSON can spell lone surrogates, UTF-8 cannot."""
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
    """Read a day, where pydantic would also take numbers and times."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date", "must be a day like 2016-02-29")


def _json_number(value: object) -> object:
    """Keep pydantic from reading text and truth values as numbers; 5.0 is 5, in JSON as well."""
    if isinstance(value, str | bool):
        raise PydanticCustomError("number", "must be a whole number")
    return value


Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        description="In plain words.",
        examples=[EXAMPLE],
        json_schema_extra={"pattern": r"\S"},
    ),
    AfterValidator(_not_blank),
]
JsonNumber = BeforeValidator(_json_number)
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="How many passages to give.")]
MaxPerDocument = Annotated[int | None, Field(ge=1, description="Most passages of one document.")]
Explain = Annotated[bool, Field(description="Give each passage's scores.")]

_Values = Annotated[tuple[str, ...], Field(max_length=MOST_FILTER_VALUES)]
Publishers = Annotated[_Values, Field(description="Only documents of these publishers.")]
DocumentIds = Annotated[_Values, Field(description="Only these documents.")]

_Day = Annotated[date | None, BeforeValidator(_iso_date)]
PublishedFrom = Annotated[_Day, Field(description="Only documents published on this day or later.")]
PublishedTo = Annotated[_Day, Field(description="Only documents published on this day or earlier.")]
PublishedOn = Annotated[_Day, Field(description="The day it was published.")]

_Text = Annotated[str, Field(min_length=1, max_length=MOST_GIVEN), AfterValidator(_not_blank)]
GivenText = Annotated[_Text | None, Field(description="Used as it is.")]
GivenTexts = Annotated[tuple[_Text, ...], Field(max_length=MOST_FILTER_VALUES, description="Used as they are.")]
GivenUrl = Annotated[_Text | None, Field(pattern="^https?://", description="Where it was published.")]
