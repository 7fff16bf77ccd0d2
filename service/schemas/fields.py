"""Field types of requests with their bounds, and a model that rejects unknown fields and treats null as absent."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal

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

from wherefrom.index import types
from wherefrom.index.collection.document_query import FilterField
from wherefrom.index.errors import InvalidQuestion, SourceRejected
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.ranking.question_limits import (
    MAX_CONTEXT_DOCUMENTS,
    MAX_HALF_LIFE_DAYS,
    MAX_QUESTION,
    MAX_TOP_K,
)
from wherefrom.index.sources.extra_fields import parse_extra
from wherefrom.index.text.language_tags import TAG_PATTERN, language_tag
from wherefrom.index.types import Preference
from wherefrom.service.schemas.extra_conditions import JSON_SCHEMA as CONDITIONS_SCHEMA
from wherefrom.service.schemas.extra_conditions import TEXT_PATTERN, conditions_from_json, conditions_from_texts

MAX_FILTER_VALUES = 100
MAX_LISTED = 1_000
MAX_SHOWN_NAME_CHARACTERS = 100
MAX_METADATA_CHARACTERS = 2_000
MAX_EXTRA_CHARACTERS = 8_000
DESCRIPTIVE_KEYS = ("title", "description", "default", "examples")
WHITE_SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Characters that `str.strip` removes; `\\s` matches other characters in each dialect of regular expressions."""
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
        """Return the JSON Schema, in which every optional field may also be null."""
        schema = handler(core_schema)
        described = handler.resolve_ref_schema(schema)
        required = described.get("required", ())
        properties = described.get("properties", {})
        described["properties"] = {
            name: value if name in required else _or_null(value) for name, value in properties.items()
        }
        return schema


def without_nulls(given: object) -> object:
    """Return an object without the fields whose value is `None`; other values are returned unchanged."""
    if isinstance(given, Mapping) and None in given.values():
        return {name: value for name, value in given.items() if value is not None}
    return given


def unknown_name(given: Iterable[str], known: Collection[str], kind: str = "field") -> PydanticCustomError | None:
    """Return the error for the first unknown name, `None` if all are known.

    Lone surrogates in the name, which JSON can encode but UTF-8 cannot, are escaped.
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
    """Parse a date in the form YYYY-MM-DD; pydantic would also accept numbers and times."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date", "must be a day like 2016-02-29")


def _day_or_none(value: object) -> object:
    """Parse a date; an empty text, which stands for no date, is returned unchanged."""
    return value if value == "" else _iso_date(value)


def _json_number(value: object) -> object:
    """Reject strings and booleans, which pydantic would convert to integers; 5.0 counts as 5, as in JSON."""
    if isinstance(value, str | bool):
        raise PydanticCustomError("number", "must be a whole number")
    return value


def _conditions(value: dict[str, Any]) -> dict[str, Any]:
    """Check the conditions on extra fields in a body."""
    try:
        conditions_from_json(value)
    except InvalidQuestion as error:
        raise PydanticCustomError("extra", "{reason}", {"reason": error.reason}) from error
    return value


def _condition_texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Check the conditions on extra fields in a URL."""
    try:
        conditions_from_texts(texts)
    except InvalidQuestion as error:
        raise PydanticCustomError("extra", "{reason}", {"reason": error.reason}) from error
    return texts


def extra_fields(text: str) -> Mapping[str, ExtraValue]:
    """Parse the extra fields from a JSON object in a URL. Raise PydanticCustomError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PydanticCustomError("extra", "must be a JSON object, as a text") from error
    if not isinstance(value, dict):
        raise PydanticCustomError("extra", "must be a JSON object, as a text")
    try:
        return parse_extra(value, "")
    except SourceRejected as error:
        raise PydanticCustomError("extra", "{reason}", {"reason": error.reason.removeprefix("extra: ")}) from error


def _extra_text(text: str) -> str:
    extra_fields(text)
    return text


def _language(text: str) -> str:
    tag = language_tag(text)
    if tag is None:
        raise PydanticCustomError("language", "must be a language tag, such as en or pt-BR")
    return tag


def _json_float(value: object) -> object:
    """Reject strings and booleans, which pydantic would convert to numbers."""
    if isinstance(value, str | bool):
        raise PydanticCustomError("number", "must be a number")
    return value


Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        description=(
            'The question, in plain words. Only paragraphs that hold a "phrase in quotation marks" word for word can'
            " answer, and none that hold a word or a phrase after a minus, as in -word."
        ),
        examples=[EXAMPLE],
        json_schema_extra=NOT_BLANK,
    ),
    AfterValidator(_not_blank),
]
_ContextQuestion = Annotated[
    str, Field(min_length=1, max_length=MAX_QUESTION, json_schema_extra=NOT_BLANK), AfterValidator(_not_blank)
]
CONTEXT_DESCRIPTION = (
    "The question before this one; if that was a follow-up itself, as it was taken (`follow_up.text` of its answer)."
)
ContextQuestion = Annotated[_ContextQuestion, Field(description=CONTEXT_DESCRIPTION, examples=[EXAMPLE])]
ContextQuery = Annotated[
    Annotated[_ContextQuestion, AfterValidator(_encodable)] | None,
    Field(
        description=f"{CONTEXT_DESCRIPTION} A question that refers to it is asked in its context, any other as without."
    ),
]
ContextDocuments = Annotated[
    tuple[str, ...],
    Field(
        max_length=MAX_CONTEXT_DOCUMENTS,
        description="The documents of the answer to the question before; a follow-up prefers their paragraphs.",
    ),
]
JsonNumber = BeforeValidator(_json_number)
JsonFloat = BeforeValidator(_json_float)
Encodable = AfterValidator(_encodable)
"""For a text that is looked up: JSON can encode half of a surrogate pair, but no stored text contains one."""
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="Maximum number of passages to return.")]
MaxPerDocument = Annotated[int | None, Field(ge=1, description="Maximum number of passages from one document.")]
Explain = Annotated[
    bool, Field(description="Include the scores of each passage, and how the operators of the question were taken.")
]
Prefer = Annotated[
    Preference | None,
    Field(description="`newest` ranks later publication dates higher; by default dates do not count."),
]
HalfLifeDays = Annotated[
    float,
    Field(
        gt=0,
        le=MAX_HALF_LIFE_DAYS,
        allow_inf_nan=False,
        description="With `prefer`: the age, in days, at which the bonus of a publication date is half of the newest.",
    ),
]
Effort = Annotated[
    types.Effort | None,
    Field(
        description="`fast` ranks by searches alone, `careful` also lets a reader read question and passage together;"
        " by default `fast`. Without a reader, every question is answered with `fast`."
    ),
]

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
Agencies = Annotated[_Values, Field(description="Only documents of these news agencies.")]
Authors = Annotated[_Values, Field(description="Only documents by these authors.")]
Titles = Annotated[
    _Values, Field(description="Only documents whose title holds all words of one of these texts; case does not count.")
]
Languages = Annotated[
    _Values, Field(description="Only documents in these languages, such as en (which includes en-GB) or pt-BR.")
]
ExtraConditions = Annotated[dict[str, Any], AfterValidator(_conditions), WithJsonSchema(CONDITIONS_SCHEMA)]
_ExtraText = Annotated[str, Field(json_schema_extra={"pattern": TEXT_PATTERN})]
ExtraTexts = Annotated[
    tuple[_ExtraText, ...],
    Field(
        max_length=MAX_FILTER_VALUES,
        description="Only documents with these extra fields: NAME=VALUE, NAME>=NUMBER or NAME<=NUMBER.",
        examples=[["section=world", "year>=2015"]],
    ),
    AfterValidator(_condition_texts),
]
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
GivenLanguage = Annotated[
    Annotated[_Text, Field(json_schema_extra={"pattern": TAG_PATTERN}), AfterValidator(_language)] | None,
    Field(description="The language as a tag, such as en or pt-BR."),
]
Wait = Annotated[
    Literal["searchable"] | None,
    Field(description="`searchable`: reply when questions find the document, through every service."),
]
GivenExtra = Annotated[
    Annotated[str, Field(max_length=MAX_EXTRA_CHARACTERS), AfterValidator(_extra_text)] | None,
    Field(description="Further fields that filters can use, as a JSON object.", examples=['{"section": "world"}']),
]
FieldWords = Annotated[
    str, Field(max_length=MAX_QUESTION, description="Only values that hold all of these words; case does not count.")
]
CountedFields = Annotated[
    tuple[FilterField, ...],
    Field(
        max_length=MAX_FILTER_VALUES,
        description="The fields to return; all but `extra` if left out. `month` is that of `published`; `extra` stands"
        " for the fields that were given with documents.",
    ),
]
ValueLimit = Annotated[
    int | None, Field(ge=1, le=MAX_LISTED, description="Maximum number of values of each field; all if left out.")
]
CorrectedText = Annotated[
    Annotated[str, Field(max_length=MAX_METADATA_CHARACTERS), AfterValidator(_encodable)] | None,
    Field(description="Replaces the value; empty for none, null for what the source says."),
]
CorrectedTexts = Annotated[
    Annotated[tuple[Annotated[_Text, AfterValidator(_encodable)], ...], Field(max_length=MAX_FILTER_VALUES)] | None,
    Field(description="Replace the values; empty for none, null for what the source says."),
]
CorrectedDay = Annotated[
    date | Literal[""] | None,
    BeforeValidator(_day_or_none),
    Field(description="Replaces the date; empty for none, null for what the source says."),
]
_Url = Annotated[str, Field(min_length=1, max_length=MAX_METADATA_CHARACTERS, pattern="^https?://")]
GivenUrl = Annotated[_Url | None, Field(description="Where the document was published.")]
