import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.library_samples import FIRST, QUESTION, seeds_library
from tests.support.written import TextWriter
from wherefrom.index.library import Library
from wherefrom.index.writing.answer_writer import AnswerWriter
from wherefrom.service.mcp.tools import BY_NAME, TOOLS, ToolRefused, call_tool, openai_tools
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.schemas.serialization import answer_as_json


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with seeds_library(tmp_path_factory.mktemp("data")) as opened:
        yield opened


def used(library: Library, name: str, **arguments: object) -> dict[str, Any]:
    return asyncio.run(call_tool(AsyncLibrary(library, threads=1), name, arguments))


def refusal(library: Library, name: str, **arguments: object) -> str:
    with pytest.raises(ToolRefused) as refused:
        used(library, name, **arguments)
    return str(refused.value)


def test_asking_gives_the_object_of_the_http_api(library: Library) -> None:
    result = used(library, "ask", question=QUESTION, top_k=2)
    expected = json.loads(json.dumps(answer_as_json(library.ask(QUESTION, top_k=2))))
    assert result | {"took_ms": 0} == expected | {"took_ms": 0}


def test_every_result_is_what_its_schema_says(library: Library) -> None:
    answer = used(library, "ask", question=QUESTION, explain=True)
    results = {
        "ask": answer,
        "get_document": used(library, "get_document", document_id=FIRST),
        "verify_citation": used(library, "verify_citation", **answer["passages"][0]["citation"]),
        "list_documents": used(library, "list_documents", limit=2),
        "list_publishers": used(library, "list_publishers"),
        "read_paragraphs": used(library, "read_paragraphs", document_id=FIRST, limit=3),
        "verify_documents": used(library, "verify_documents", document_ids=[FIRST, "none"]),
    }
    assert results.keys() == BY_NAME.keys()
    for name, result in results.items():
        Draft202012Validator(BY_NAME[name].output_schema()).validate(json.loads(json.dumps(result)))


def test_a_citation_is_checked_as_it_was_given(library: Library) -> None:
    citation = used(library, "ask", question=QUESTION)["answer"]["citation"]
    assert used(library, "verify_citation", **citation)["valid"] is True
    changed = used(library, "verify_citation", **citation | {"cited_text": "Something else."})
    assert changed["valid"] is False
    assert changed["reason"]


def test_invalid_arguments_are_refused_by_field(library: Library) -> None:
    assert refusal(library, "ask") == "question: Field required"
    assert "close: top_k" in refusal(library, "ask", question="x", topk=3)
    assert "close: The Korea Times" in refusal(library, "ask", question="x", filters={"publisher": ["Korea Times"]})
    assert refusal(library, "dance") == f"there is no tool 'dance'; there are {', '.join(BY_NAME)}"


def test_a_refusal_says_which_tool_gives_the_values(library: Library) -> None:
    missing = "no document has the id 'none'; list_documents gives the ids"
    assert refusal(library, "get_document", document_id="none") == missing
    assert refusal(library, "read_paragraphs", document_id="none") == missing
    for filters, tool in (({"publisher": ["zzzz"]}, "list_publishers"), ({"document_id": ["zzzz"]}, "list_documents")):
        assert refusal(library, "ask", question="x", filters=filters).endswith(f"; {tool} gives the values")


def test_an_unexpected_error_is_a_refusal_too(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(library, "publishers", fail)
    assert refusal(library, "list_publishers") == "something went wrong in the service; its log says what"


def test_the_tools_are_described_as_function_calling_apis_take_them() -> None:
    described = json.loads(json.dumps(openai_tools()))
    assert [tool["function"]["name"] for tool in described] == [known.name for known in TOOLS if known.route_arguments]
    for tool in described:
        assert tool["type"] == "function"
        assert tool["function"]["description"]
        assert tool["function"]["parameters"]["type"] == "object"
        Draft202012Validator.check_schema(tool["function"]["parameters"])


def test_function_calls_are_told_of_no_tool_and_no_argument_that_they_do_not_have() -> None:
    offered = json.dumps(openai_tools())
    absent = [tool.name for tool in TOOLS if tool.route_arguments is None] + ["written", "written.sentences"]
    assert [name for name in absent if f"`{name}`" in offered] == []


def test_null_is_a_field_left_out(library: Library) -> None:
    nulls: dict[str, object] = dict.fromkeys(("top_k", "filters", "max_per_document", "explain"))
    given = used(library, "ask", question=QUESTION, **nulls)
    assert given | {"took_ms": 0} == used(library, "ask", question=QUESTION) | {"took_ms": 0}
    assert refusal(library, "ask", question=None) == "question: Field required"
    assert refusal(library, "verify_citation", segments="x").endswith("segments: must be an array")


def test_asking_for_a_written_answer_gives_the_object_of_the_http_api(library: Library) -> None:
    radar = library.ask(QUESTION).passages[0].text
    shared = AsyncLibrary(library, threads=1, writer=AnswerWriter(TextWriter(f"{radar} [1]")))
    result = asyncio.run(call_tool(shared, "ask", {"question": QUESTION, "written": True}))
    assert [sentence["text"] for sentence in result["written"]["sentences"]] == [radar]
    Draft202012Validator(BY_NAME["ask"].output_schema()).validate(json.loads(json.dumps(result)))
    without = used(library, "ask", question=QUESTION, written=True)
    assert without["written"] is None
    assert without["warnings"] == ["no writer is set up, so nothing is written; WHEREFROM_WRITER names one"]
    assert "written" not in used(library, "ask", question=QUESTION)


def test_function_calling_loops_are_offered_what_the_route_of_a_tool_takes() -> None:
    offered = {tool["function"]["name"]: tool["function"]["parameters"]["properties"] for tool in openai_tools()}
    assert "written" in BY_NAME["ask"].input_schema()["properties"]
    assert "written" not in offered["ask"]
