"""`null` is the same as leaving a field out, in every body and every tool's arguments, and the schemas say so."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from wherefrom.service.mcp.tools import TOOLS
from wherefrom.service.schemas.citations import EXAMPLE, OneCitationBody, SegmentBody, VerifyBody
from wherefrom.service.schemas.fields import NOT_BLANK, without_nulls
from wherefrom.service.schemas.requests import AskBody, AskQuery, BatchBody, FilterBody, GivenQuery, ListQuery
from wherefrom.service.schemas.retrieval import MetadataCondition, RetrievalBody, RetrievalSetting
from wherefrom.service.schemas.vector_store_search import RankingOptions, VectorStoreSearchBody

MODELS: list[type[BaseModel]] = [
    *(AskBody, BatchBody, FilterBody, AskQuery, ListQuery, GivenQuery, SegmentBody, OneCitationBody),
    *(RetrievalBody, RetrievalSetting, MetadataCondition, VectorStoreSearchBody, RankingOptions),
]
MINIMAL: dict[str, Any] = {
    "question": "who?",
    "questions": ["who?"],
    "q": "who?",
    "query": "who?",
    "knowledge_id": "any",
    "start": 0,
    "end": 1,
    "citation": EXAMPLE,
    "document_id": "a",
    "document_ids": ["a"],
    "cited_text": "a",
    "source_sha256": "a",
    "segments": [],
}


def fields_of(model: type[BaseModel], *, required: bool) -> list[str]:
    return [name for name, field in model.model_fields.items() if field.is_required() is required]


def minimal(model: type[BaseModel]) -> dict[str, Any]:
    return {name: MINIMAL[name] for name in fields_of(model, required=True)}


@pytest.mark.parametrize("model", [*MODELS, *(tool.arguments for tool in TOOLS)])
def test_null_in_any_field_is_the_field_left_out(model: type[BaseModel]) -> None:
    body = minimal(model)
    nulls = dict.fromkeys(fields_of(model, required=False))
    assert model.model_validate({**body, **nulls}) == model.model_validate(body)
    Draft202012Validator(model.model_json_schema()).validate({**body, **nulls})
    for name in body:
        with pytest.raises(ValidationError):
            model.model_validate({**body, name: None})
        assert not Draft202012Validator(model.model_json_schema()).is_valid({**body, name: None})


def test_null_in_a_filter_inside_a_question_is_no_filter() -> None:
    filters = dict.fromkeys(FilterBody.model_fields)
    assert AskBody.model_validate({"question": "x", "filters": filters}) == AskBody(question="x")


def test_a_citation_may_come_with_the_other_forms_as_null() -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(VerifyBody)
    assert isinstance(adapter.validate_python({"citation": EXAMPLE, "citations": None}), OneCitationBody)
    bare = {**EXAMPLE, "citation": None, "citations": None, "title": None}
    assert adapter.validate_python(bare).document_id == EXAMPLE["document_id"]


def test_a_null_in_a_list_is_still_refused() -> None:
    with pytest.raises(ValidationError):
        FilterBody.model_validate({"publisher": [None]})


def test_an_unknown_field_is_refused_also_as_null() -> None:
    with pytest.raises(ValidationError, match="unknown field"):
        AskBody.model_validate({"question": "x", "topk": None})


def test_an_object_without_nulls_is_not_copied() -> None:
    given = {"a": 0, "b": ""}
    assert without_nulls(given) is given
    assert without_nulls([None]) == [None]


def test_the_schemas_keep_titles_descriptions_and_defaults() -> None:
    top_k = AskBody.model_json_schema()["properties"]["top_k"]
    assert top_k["default"] == 5
    assert top_k["description"] == "Maximum number of passages to return."
    assert top_k["anyOf"] == [{"maximum": 100, "minimum": 1, "type": "integer"}, {"type": "null"}]


def test_the_pattern_of_what_is_not_blank_has_the_white_space_of_python() -> None:
    pattern = re.compile(str(NOT_BLANK["pattern"]))
    assert [code for code in range(0x110000) if (pattern.search(chr(code)) is None) != (not chr(code).strip())] == []
