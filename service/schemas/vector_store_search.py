"""Bodies of a search in the form of OpenAI's vector stores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import PurePath
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from wherefrom.index.ranking.question_limits import MAX_QUESTION
from wherefrom.index.types import AskOptions, Citation, Filters, Passage
from wherefrom.service.schemas import fields
from wherefrom.service.schemas.conditions import Conditions, Join, Operator, Parts
from wherefrom.service.schemas.fields import StrictModel
from wherefrom.service.schemas.serialization import DECIMALS

MAX_RESULTS = 50
MAX_CONDITIONS = 100
MAX_ATTRIBUTE_CHARACTERS = 512
CONDITIONS = Conditions("filters")
QUESTION_SCHEMA = {"type": "string", "minLength": 1, "maxLength": MAX_QUESTION, **fields.NOT_BLANK}
ATTRIBUTES = ("title", "publisher", "agency", "published", "url", "source_sha256", "paragraph", "formatted")


def _as_list(given: object) -> object:
    if not isinstance(given, str | list):
        raise ValueError("must be a string or an array of strings")  # noqa: TRY004 - pydantic reports a ValueError
    return [given] if isinstance(given, str) else given


def _filter_tag(given: object) -> str:
    """Return the tag of the filter's form; its angle brackets keep it out of the field names in problems."""
    return "<compound>" if isinstance(given, dict) and "filters" in given else "<comparison>"


class ComparisonFilter(StrictModel):
    """A comparison of one key of a document's metadata: `publisher`, `published`, `document_id` or `file_id`."""

    type: Operator
    key: str
    value: fields.ComparedValue

    def parts(self) -> Parts:
        """Return the filters of a question. Raise InvalidQuestion."""
        return CONDITIONS.compare(self.key, self.type, self.value)


class CompoundFilter(StrictModel):
    """Comparisons that documents must meet, all or one of them; they may be compound themselves."""

    type: Join
    filters: Annotated[tuple["SearchFilter", ...], Field(min_length=1, max_length=MAX_CONDITIONS)]

    def parts(self) -> Parts:
        """Return the filters of a question. Raise InvalidQuestion."""
        return CONDITIONS.join(self.type, [each.parts() for each in self.filters])


SearchFilter = Annotated[
    Annotated[ComparisonFilter, Tag("<comparison>")] | Annotated[CompoundFilter, Tag("<compound>")],
    Discriminator(_filter_tag),
]


class RankingOptions(StrictModel):
    """The score that results must have; every `ranker` names the only one that there is."""

    ranker: str = "auto"
    score_threshold: fields.ScoreThreshold = 0.0


class VectorStoreSearchBody(StrictModel):
    """A search; of several queries, each passage is returned with its best score. Queries are never rewritten."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"query": fields.EXAMPLE, "max_num_results": 2},
                {
                    "query": ["What is THAAD for?", "Who is the ambassador?"],
                    "filters": {"type": "gte", "key": "published", "value": "2015-01-01"},
                    "ranking_options": {"score_threshold": 0.1},
                },
            ]
        }
    )

    query: Annotated[
        tuple[fields.Question, ...],
        BeforeValidator(_as_list),
        Field(min_length=1),
        WithJsonSchema({"anyOf": [QUESTION_SCHEMA, {"type": "array", "items": QUESTION_SCHEMA, "minItems": 1}]}),
    ]
    max_num_results: Annotated[int, Field(ge=1, le=MAX_RESULTS), fields.JsonNumber] = 10
    filters: SearchFilter | None = None
    ranking_options: RankingOptions = Field(default_factory=RankingOptions)
    rewrite_query: Annotated[bool, Field(strict=True)] = False

    def options(self) -> AskOptions:
        """Return the library's own type. Raise InvalidQuestion."""
        filters = CONDITIONS.filters(self.filters.parts()) if self.filters else Filters()
        return AskOptions(top_k=self.max_num_results, filters=filters)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchContent:
    """A part of a result."""

    type: Literal["text"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """A passage; `score` is the probability that it answers. `citation` is there in addition to OpenAI's fields."""

    file_id: str
    filename: str
    score: float
    attributes: Mapping[str, str | int]
    content: tuple[SearchContent, ...]
    citation: Citation

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Return the result for a passage."""
        citation = passage.citation
        return cls(
            file_id=citation.document_id,
            filename=PurePath(citation.source).name or citation.document_id,
            score=round(passage.confidence, DECIMALS),
            attributes=_attributes(citation),
            content=(SearchContent(type="text", text=passage.text),),
            citation=citation,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResultPage:
    """The only page of results, best first."""

    object: Literal["vector_store.search_results.page"] = "vector_store.search_results.page"
    search_query: tuple[str, ...]
    data: tuple[SearchResult, ...]
    has_more: bool = False
    next_page: str | None = None

    @classmethod
    def of(cls, body: VectorStoreSearchBody, rankings: Iterable[Iterable[Passage]]) -> Self:
        """Return the page for the rankings of a search's queries.

        The first passages of all queries come first, then the second ones; each passage once, with its best score.
        """
        best: dict[str, Passage] = {}
        for passage in (passage for rank in zip_longest(*rankings) for passage in rank if passage is not None):
            present = best.setdefault(passage.passage_id, passage)
            if passage.confidence > present.confidence:
                best[passage.passage_id] = passage
        results = map(SearchResult.of, islice(best.values(), body.max_num_results))
        threshold = body.ranking_options.score_threshold
        return cls(search_query=body.query, data=tuple(result for result in results if result.score >= threshold))


def _attributes(citation: Citation) -> dict[str, str | int]:
    values = {name: getattr(citation, name) for name in ATTRIBUTES} | {"authors": ", ".join(citation.authors)}
    return {
        name: value if isinstance(value, int) else str(value)[:MAX_ATTRIBUTE_CHARACTERS]
        for name, value in values.items()
        if value is not None and value != ""
    }
