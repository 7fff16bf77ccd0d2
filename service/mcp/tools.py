"""Tools for agents, with the names, fields and errors of the HTTP API."""

import logging
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from wherefrom.index.collection.audits import Verdict
from wherefrom.index.errors import DocumentNotFound, UnknownFilterValue, WherefromError
from wherefrom.service.error_mapping import describe, problem_type_of
from wherefrom.service.errors import InvalidRequest, Overloaded, TookTooLong
from wherefrom.service.mcp.collection_tools import COLLECTION_TOOLS, DocumentId
from wherefrom.service.mcp.tool import JsonObject, Tool
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.runtime.written_answers import answer_in_sentences
from wherefrom.service.schemas.citations import CitationBody
from wherefrom.service.schemas.fields import StrictModel
from wherefrom.service.schemas.requests import AskBody
from wherefrom.service.schemas.responses import DocumentDetail
from wherefrom.service.schemas.serialization import answer_as_json, as_json
from wherefrom.service.schemas.written import WrittenReply

log = logging.getLogger(__name__)


class ToolRefused(Exception):
    """A tool call failed; the message gives the agent the reason, so that it can try again."""


class AskToolBody(AskBody):
    """One question, which may be answered in sentences too."""

    written: Annotated[
        bool,
        Field(
            strict=True,
            description="Also write the answer in sentences, each checked against the passages that it cites.",
        ),
    ] = False


class DocumentBody(StrictModel):
    """One document."""

    document_id: DocumentId


async def _ask(library: AsyncLibrary, body: AskToolBody) -> object:
    if body.written:
        return answer_as_json(await answer_in_sentences(library, body.question, body.options()))
    return answer_as_json(await library.ask(body.question, body.options()))


async def _get_document(library: AsyncLibrary, body: DocumentBody) -> object:
    document_id = body.document_id
    detail = await library.run(
        lambda opened: DocumentDetail.of(
            opened.document(document_id), opened.paragraphs(document_id), opened.headings(document_id)
        )
    )
    return as_json(detail)


async def _verify_citation(library: AsyncLibrary, body: CitationBody) -> object:
    return as_json(await library.run(lambda opened: opened.check(body.claim())))


TOOLS = (
    Tool(
        name="ask",
        title="Ask the collection",
        description=(
            "Answer a question from the collection of articles. Returns passages, best first, each with a citation"
            " to the exact characters of its source, and `answer`, the sentence that answers, verbatim. `status`"
            " is `no_answer` when nothing answers well enough: then say so, and do not answer from the passages."
            " `confidence` is the probability that the first passage answers. Quote `cited_text` as it is and give"
            " its `formatted` source. A question that refers to the one before it, such as 'when did he say"
            " so?', needs `context`; `follow_up` says what it was taken to be."
        ),
        beside_others=(
            " `list_publishers` gives the values of the filter by publisher. With `written`, `written.sentences` answer"
            " in sentences of a language model, each of which follows from the `passages` that it names; `warnings` say"
            " why there may be none."
        ),
        arguments=AskToolBody,
        result=WrittenReply,
        run=_ask,
        route_arguments=AskBody,
    ),
    Tool(
        name="get_document",
        title="Read a document",
        description=(
            "Return a document of the collection: its metadata, and its paragraphs and subheads with their places in"
            " the source. Paragraphs of the kind `question` and `subheads` say what the text below them is about; they"
            " are never answers."
        ),
        beside_others=" Of a long document, `read_paragraphs` returns a part.",
        arguments=DocumentBody,
        result=DocumentDetail,
        run=_get_document,
        route_arguments=DocumentBody,
    ),
    Tool(
        name="verify_citation",
        title="Check a citation",
        description=(
            "Check that a citation's `cited_text` stands at its `segments` in the stored source."
            " Takes a citation as `ask` returned it, or its four required fields."
        ),
        arguments=CitationBody,
        result=Verdict,
        run=_verify_citation,
        route_arguments=CitationBody,
    ),
    *COLLECTION_TOOLS,
)
LISTS = {"filters.publisher": "list_publishers", "filters.document_id": "list_documents"}
"""The tool that lists the values of a filter."""
BY_NAME: Mapping[str, Tool] = {tool.name: tool for tool in TOOLS}


async def call_tool(library: AsyncLibrary, name: str, arguments: Mapping[str, Any]) -> JsonObject:
    """Run a tool and return its result as JSON. Raise ToolRefused."""
    if name not in BY_NAME:
        raise ToolRefused(f"there is no tool {name!r}; there are {', '.join(BY_NAME)}")
    tool = BY_NAME[name]
    try:
        result: Any = await tool.run(library, tool.arguments.model_validate(arguments))
    except ValidationError as error:
        library.metrics.refused("invalid-request")
        details = [{**detail, "loc": ("arguments", *detail["loc"])} for detail in error.errors()]
        raise ToolRefused(describe(InvalidRequest(details), name).detail) from error
    except (WherefromError, Overloaded, TookTooLong) as error:
        library.metrics.refused(problem_type_of(error).slug)
        raise ToolRefused(describe(error, name).detail + advice(error)) from error
    except Exception as error:
        log.exception("The tool %s failed", name)
        library.metrics.refused(problem_type_of(error).slug)
        raise ToolRefused(describe(error, name).detail) from error
    return dict(result)


def advice(error: Exception) -> str:
    """Return advice on an error for an agent, to append to the error's message; empty if there is none."""
    if isinstance(error, DocumentNotFound):
        return "; list_documents gives the ids"
    if isinstance(error, UnknownFilterValue) and not error.close:
        return f"; {LISTS[error.field]} gives the values" if error.field in LISTS else ""
    if isinstance(error, TookTooLong):
        return "; try again, and ask for less at once"
    return ""


def openai_tools() -> list[JsonObject]:
    """Return the descriptions of the tools that have an HTTP route, in the format of function-calling APIs."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": arguments.model_json_schema(),
            },
        }
        for tool in TOOLS
        if (arguments := tool.route_arguments)
    ]
