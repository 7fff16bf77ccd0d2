"""Bodies and query parameters of requests, validated on entry."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wherefrom.index.collection.corrections import CORRECTABLE_FIELDS, CorrectableField, Corrections
from wherefrom.index.collection.document_query import DocumentSort
from wherefrom.index.conversation import Context
from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.field_conditions import FieldCondition
from wherefrom.index.types import DEFAULT_HALF_LIFE_DAYS, AskOptions, Filters, Given
from wherefrom.service.schemas import fields
from wherefrom.service.schemas.extra_conditions import conditions_from_json, conditions_from_texts
from wherefrom.service.schemas.fields import StrictModel, unknown_name


class MetadataFilters(StrictModel):
    """Which documents may answer, by their metadata."""

    publisher: fields.Publishers = ()
    agency: fields.Agencies = ()
    author: fields.Authors = ()
    title: fields.Titles = ()
    language: fields.Languages = ()
    published_from: fields.PublishedFrom = None
    published_to: fields.PublishedTo = None
    document_id: fields.DocumentIds = ()

    def with_extra(self, extra: tuple[FieldCondition, ...]) -> Filters:
        """Return the library's own type."""
        return Filters(
            publisher=self.publisher,
            agency=self.agency,
            author=self.author,
            title=self.title,
            language=self.language,
            published_from=self.published_from,
            published_to=self.published_to,
            document_id=self.document_id,
            extra=extra,
        )


class FilterBody(MetadataFilters):
    """Which documents may answer; an empty filter lets every document through."""

    extra: fields.ExtraConditions = Field(default_factory=dict)

    def as_filters(self) -> Filters:
        """Return the library's own type."""
        return self.with_extra(conditions_from_json(self.extra))


class ContextBody(StrictModel):
    """The question before, in whose context a question that refers to it is asked."""

    question: fields.ContextQuestion
    document_id: fields.ContextDocuments = ()

    def as_context(self) -> Context:
        """Return the library's own type."""
        return Context(question=self.question, document_id=self.document_id)


class OptionsBody(StrictModel):
    """Options that do not depend on the question."""

    top_k: Annotated[fields.TopK, fields.JsonNumber] = 5
    # A factory, since generators of clients cannot express an object as a default.
    filters: FilterBody = Field(default_factory=FilterBody)
    max_per_document: Annotated[fields.MaxPerDocument, fields.JsonNumber] = None
    explain: Annotated[fields.Explain, Field(strict=True)] = False
    prefer: fields.Prefer = None
    half_life_days: Annotated[fields.HalfLifeDays, fields.JsonFloat] = DEFAULT_HALF_LIFE_DAYS
    effort: fields.Effort = None
    context: ContextBody | None = None

    def options(self) -> AskOptions:
        """Return the library's own type."""
        return AskOptions(
            top_k=self.top_k,
            filters=self.filters.as_filters(),
            max_per_document=self.max_per_document,
            explain=self.explain,
            prefer=self.prefer,
            half_life_days=self.half_life_days,
            effort=self.effort,
            context=None if self.context is None else self.context.as_context(),
        )


class AskBody(OptionsBody):
    """One question."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": fields.EXAMPLE},
                {"question": fields.EXAMPLE, "top_k": 3, "max_per_document": 1, "explain": True},
                {"question": "Who is the ambassador?", "filters": {"published_from": "2016-01-01"}},
                {
                    "question": 'What did Russia say about "missile defense" -China?',
                    "filters": {"agency": ["Yonhap", "AFP"], "title": ["THAAD"]},
                    "prefer": "newest",
                    "half_life_days": 90,
                },
                {
                    "question": "and what did he say about it?",
                    "context": {"question": "Who is the ambassador?", "document_id": []},
                },
            ]
        }
    )

    question: fields.Question


class BatchBody(OptionsBody):
    """Several questions with the same options."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"questions": [fields.EXAMPLE, "What is THAAD for?"], "top_k": 1}]}
    )

    questions: Annotated[tuple[fields.Question, ...], Field(min_length=1)]


class AskQuery(MetadataFilters):
    """One question in a URL; filters by value may be repeated."""

    q: fields.Question
    top_k: fields.TopK = 5
    max_per_document: fields.MaxPerDocument = None
    explain: fields.Explain = False
    extra: fields.ExtraTexts = ()
    prefer: fields.Prefer = None
    half_life_days: fields.HalfLifeDays = DEFAULT_HALF_LIFE_DAYS
    effort: fields.Effort = None
    context: fields.ContextQuery = None
    context_document_id: fields.ContextDocuments = ()

    def options(self) -> AskOptions:
        """Return the library's own type. Raise InvalidQuestion."""
        return AskOptions(
            top_k=self.top_k,
            filters=self.with_extra(conditions_from_texts(self.extra)),
            max_per_document=self.max_per_document,
            explain=self.explain,
            prefer=self.prefer,
            half_life_days=self.half_life_days,
            effort=self.effort,
            context=self._context(),
        )

    def _context(self) -> Context | None:
        if self.context is not None:
            return Context(question=self.context, document_id=self.context_document_id)
        if self.context_document_id:
            raise InvalidQuestion("context_document_id", "needs the question before, in `context`")
        return None


class ListQuery(MetadataFilters):
    """Which documents are listed, in which order, and how many at a time."""

    extra: fields.ExtraTexts = ()

    q: fields.ListedWords = ""
    sort: Annotated[DocumentSort, Field(description="What to sort by; with `-` from the last to the first.")] = (
        "document_id"
    )
    limit: fields.ListLimit = None
    cursor: fields.Cursor = None

    def as_filters(self) -> Filters:
        """Return the library's own type."""
        return self.with_extra(conditions_from_texts(self.extra))


class ValuesQuery(StrictModel):
    """Which values that filters take are returned."""

    field: fields.CountedFields = ()
    q: fields.FieldWords = ""
    limit: fields.ValueLimit = None


class CorrectionBody(BaseModel):
    """Metadata to correct by hand; what is left out stays as it is, and null restores what the source says."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {"title": "Mill closed", "publisher": "The Northport Post", "published": "2016-02-29"},
                {"authors": ["Ann Otter"], "published": None},
            ]
        },
    )

    title: fields.CorrectedText = None
    publisher: fields.CorrectedText = None
    authors: fields.CorrectedTexts = None
    published: fields.CorrectedDay = None

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_fields(cls, given: object) -> object:
        if isinstance(given, Mapping) and (unknown := unknown_name(given, cls.model_fields)):
            raise unknown
        return given

    def corrections(self) -> Corrections:
        """Return the value of each field that is corrected; a blank text stands for no value."""
        values: dict[CorrectableField, str | tuple[str, ...] | date | None] = {}
        for name in self._given_fields():
            value = getattr(self, name)
            if value is not None:
                values[name] = (value.strip() or None) if isinstance(value, str) else value
        return values

    def restored(self) -> tuple[CorrectableField, ...]:
        """Return the fields whose correction is taken back."""
        return tuple(name for name in self._given_fields() if getattr(self, name) is None)

    def _given_fields(self) -> tuple[CorrectableField, ...]:
        return tuple(name for name in CORRECTABLE_FIELDS if name in self.model_fields_set)


class GivenQuery(StrictModel):
    """Metadata that replaces what a document says of itself; `authors` may be repeated, `extra` is a JSON object."""

    title: fields.GivenText = None
    url: fields.GivenUrl = None
    publisher: fields.GivenText = None
    authors: fields.GivenTexts = ()
    published: fields.PublishedOn = None
    language: fields.GivenLanguage = None
    extra: fields.GivenExtra = None

    def as_given(self) -> Given:
        """Return the library's own type."""
        return Given(
            language=self.language,
            extra=fields.extra_fields(self.extra) if self.extra else {},
            title=self.title,
            url=self.url,
            publisher=self.publisher,
            authors=self.authors,
            published=self.published,
        )


class PutQuery(GivenQuery):
    """Metadata that replaces what a document says of itself, and what the reply waits for."""

    wait: fields.Wait = None
