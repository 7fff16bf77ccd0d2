"""Bodies of Dify's external knowledge API."""

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.types import AskOptions, Citation, Filters, Passage
from wherefrom.service.schemas import fields
from wherefrom.service.schemas.conditions import Conditions, Join, Operator
from wherefrom.service.schemas.fields import StrictModel
from wherefrom.service.schemas.serialization import DECIMALS

OPERATORS: dict[str, Operator] = {
    **dict.fromkeys(("is", "="), "eq"),
    "in": "in",
    **dict.fromkeys(("after", ">"), "gt"),
    **dict.fromkeys(("≥", ">="), "gte"),
    **dict.fromkeys(("before", "<"), "lt"),
    **dict.fromkeys(("≤", "<="), "lte"),
}
"""Dify's comparison operators that filters can express."""
MAX_CONDITIONS = 100
CONDITIONS = Conditions("metadata_condition")


def _one_name(given: object) -> object:
    """Return the name in an array of one, in which Dify sends it; other values are returned unchanged."""
    return given[0] if isinstance(given, list) and len(given) == 1 else given


class RetrievalSetting(StrictModel):
    """How many records to return, and the score that they must have."""

    top_k: Annotated[fields.TopK, fields.JsonNumber] = 5
    score_threshold: fields.ScoreThreshold = 0.0


class MetadataComparison(StrictModel):
    """A comparison of one key of a document's metadata: `publisher`, `published` or `document_id`."""

    name: Annotated[
        str,
        BeforeValidator(_one_name),
        WithJsonSchema({"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1}),
    ]
    comparison_operator: Annotated[str, Field(description=f"One of {', '.join(OPERATORS)}.")]
    value: fields.ComparedValue

    def operator(self) -> Operator:
        """Return our own name of the operator. Raise InvalidQuestion."""
        if operator := OPERATORS.get(self.comparison_operator):
            return operator
        reason = f"{self.comparison_operator!r} is not supported; the operators are {', '.join(OPERATORS)}"
        raise InvalidQuestion(CONDITIONS.field, reason)


class MetadataCondition(StrictModel):
    """Comparisons that documents must meet."""

    logical_operator: Join = "and"
    conditions: Annotated[tuple[MetadataComparison, ...], Field(max_length=MAX_CONDITIONS)] = ()


class RetrievalBody(StrictModel):
    """A question of Dify. The service has one collection, so every `knowledge_id` names it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "knowledge_id": "articles",
                    "query": fields.EXAMPLE,
                    "retrieval_setting": {"top_k": 2, "score_threshold": 0.5},
                    "metadata_condition": {
                        "conditions": [{"name": ["published"], "comparison_operator": "after", "value": "2015-01-01"}]
                    },
                }
            ]
        }
    )

    knowledge_id: Annotated[str, Field(min_length=1, max_length=fields.MAX_METADATA_CHARACTERS)]
    query: fields.Question
    retrieval_setting: RetrievalSetting = Field(default_factory=RetrievalSetting)
    metadata_condition: MetadataCondition = Field(default_factory=MetadataCondition)

    def options(self) -> AskOptions:
        """Return the library's own type. Raise InvalidQuestion."""
        return AskOptions(top_k=self.retrieval_setting.top_k, filters=self._filters())

    def _filters(self) -> Filters:
        condition = self.metadata_condition
        parts = [CONDITIONS.compare(each.name, each.operator(), each.value) for each in condition.conditions]
        return CONDITIONS.filters(CONDITIONS.join(condition.logical_operator, parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalRecord:
    """A passage; `score` is the probability that it answers, `metadata` its citation."""

    content: str
    score: float
    title: str
    metadata: Citation

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Return the record of a passage."""
        citation = passage.citation
        title = citation.title or citation.document_id
        return cls(content=passage.text, score=round(passage.confidence, DECIMALS), title=title, metadata=citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalResult:
    """The records for a question, best first."""

    records: tuple[RetrievalRecord, ...]
