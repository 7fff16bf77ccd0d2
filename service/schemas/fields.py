"""Field types of requests with their bounds, and a model that refuses unknown fields and takes null as absent."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, PydanticKnownError
from pydantic_core.core_schema import CoreSchema

from wherefrom.index.ranking.question_limits import MAX_QUESTION, MAX_TOP_K

MAX_FILTER_VALUES = 100
MAX_LISTED = 1_000
MAX_SHOWN_NAME_CHARACTERS = 100
MAX_METADATA_CHARACTERS = 2_000
DESCRIPTIVE_KEYS = ("title", "description", "default", "examples")
WHITE_SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Characters that `str.strip` removes; `\\s` is another set of characters in each dialect of regular expressions."""
NOT_BLANK: JsonDict = {"pattern": f"[^{WHITE_SPACE}]"}
EXAMPLE = "why does Russia object to the X-band radar?"


class StrictModel(BaseModel):
    """A part of a request that refuses unknown fields, suggests similar known ones, and takes null as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_fields(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        if unknown := unknown_name(given, cls.model_fields):
            raise unknown
        return without_nulls(given)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the JSON Schema, in which every field that may be left out may also be null."""
        schema = handler(core_schema)
        described = handler.resolve_ref_schema(schema)
        required = described.get("required", ())
        properties = described.get("properties", {})
        described["properties"] = {
            name: value if name in required else _or_null(value) for name, value in properties.items()
        }
        return schema


def without_nulls(given: object) -> object:
    """Return an object without the fields whose value is `None`; what is not an object as it is."""
    if isinstance(given, Mapping) and None in given.values():
        return {name: value for name, value in given.items() if value is not None}
    return given


def unknown_name(given: Iterable[str], known: Collection[str], kind: str = "field") -> PydanticCustomError | None:
    """Return the error for the first name that is not known.

    Lone surrogates in it, which JSON can spell but UTF-8 cannot, are escaped.
    """
    name = next((name for name in given if name not in known), None)
    if name is None:
        return None
    name = name[:MAX_SHOWN_NAME_CHARACTERS]
    shown = name.encode("utf-8", "backslashreplace").decode()
    close = get_close_matches(name, known)
    hint = f"close: {', '.join(close)}" if close else f"known: {', '.join(known) or 'none'}"
    context = {"kind": kind, "name": shown, "close": close, "hint": hint}
    return PydanticCustomError("unknown_field", "unknown {kind}; {hint}", context)


def _or_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    forms = schema.get("anyOf", [])
    if {"type": "null"} in forms:
        return schema
    outer = {key: value for key, value in schema.items() if key in DESCRIPTIVE_KEYS}
    inner = {key: value for key, value in schema.items() if key not in DESCRIPTIVE_KEYS}
    return {"anyOf": [*(forms or [inner]), {"type": "null"}], **outer}


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "must hold more than white space")
    return text


def _encodable(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise PydanticKnownError("string_unicode") from None
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
        json_schema_extra=NOT_BLANK,
    ),
    AfterValidator(_not_blank),
]
JsonNumber = BeforeValidator(_json_number)
Encodable = AfterValidator(_encodable)
"""For a text that is looked up: JSON can spell half of a surrogate pair, but no stored text holds one."""
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="Maximum number of passages to return.")]
MaxPerDocument = Annotated[int | None, Field(ge=1, description="Maximum number of passages from one document.")]
Explain = Annotated[bool, Field(description="Include the scores of each passage.")]

ScoreThreshold = Annotated[
    float, Field(ge=0, le=1, strict=True, description="Only passages with this score or a higher one.")
]
ComparedValue = Annotated[
    object,
    Field(description="A string, a number, or for `in` an array of strings."),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "array", "items": {"type": "string"}}]}),
]

_Values = Annotated[tuple[str, ...], Field(max_length=MAX_FILTER_VALUES)]
Publishers = Annotated[_Values, Field(description="Only documents of these publishers.")]
DocumentIds = Annotated[_Values, Field(description="Only these documents.")]

_Day = Annotated[date | None, BeforeValidator(_iso_date)]
PublishedFrom = Annotated[_Day, Field(description="Only documents published on this day or later.")]
PublishedTo = Annotated[_Day, Field(description="Only documents published on this day or earlier.")]
PublishedOn = Annotated[_Day, Field(description="The day the document was published.")]

ListedWords = Annotated[
    str,
    Field(
        max_length=MAX_QUESTION,
        description="Only documents with all of these words in id, title, publisher, agency, authors, source or URL.",
    ),
]
ListLimit = Annotated[
    int | None, Field(ge=1, le=MAX_LISTED, description="Maximum number of documents to return; all if left out.")
]
Cursor = Annotated[
    str | None,
    Field(min_length=1, max_length=MAX_QUESTION, description="`cursor` of the page before: continue after that page."),
]

_Text = Annotated[
    str,
    Field(min_length=1, max_length=MAX_METADATA_CHARACTERS, json_schema_extra=NOT_BLANK),
    AfterValidator(_not_blank),
]
GivenText = Annotated[_Text | None, Field(description="Replaces what the source says.")]
GivenTexts = Annotated[
    tuple[_Text, ...], Field(max_length=MAX_FILTER_VALUES, description="Replace what the source says.")
]
_Url = Annotated[str, Field(min_length=1, max_length=MAX_METADATA_CHARACTERS, pattern="^https?://")]
GivenUrl = Annotated[_Url | None, Field(description="Where the document was published.")]
