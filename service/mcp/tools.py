"""What an agent may do here: three tools, with the names, fields and refusals of the HTTP API."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from wherefrom.index.errors import WherefromError
from wherefrom.index.types import Answer, Verdict
from wherefrom.service.api.routes.documents import document_detail
from wherefrom.service.error_mapping import describe
from wherefrom.service.errors import Overloaded, TookTooLong
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.schemas.citations import CitationBody
from wherefrom.service.schemas.fields import Closed
from wherefrom.service.schemas.requests import AskBody
from wherefrom.service.schemas.responses import DocumentDetail
from wherefrom.service.schemas.serialization import answer_as_json, as_json

Body = dict[str, Any]


class ToolRefused(Exception):
    """A tool was asked for what it cannot do; the message says what and why, for the agent to do better."""


class DocumentBody(Closed):
    """One document."""

    document_id: Annotated[str, Field(description="As a citation names it.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool: what it takes, what it gives, and how it is done."""

    name: str
    title: str
    description: str
    takes: type[BaseModel]
    gives: type
    work: Callable[[AsyncLibrary, Any], Awaitable[object]]

    def input_schema(self) -> Body:
        """Give the JSON Schema of its arguments."""
        return self.takes.model_json_schema()

    def output_schema(self) -> Body:
        """Give the JSON Schema of its result, in which what may be left out is not required."""
        return TypeAdapter(self.gives).json_schema(mode="validation")


async def _ask(library: AsyncLibrary, body: AskBody) -> object:
    answer = await library.run(lambda opened: opened.answer(body.question, body.options()))
    library.metrics.answered(answer)
    return answer_as_json(answer)


async def _get_document(library: AsyncLibrary, body: DocumentBody) -> object:
    return as_json(await library.run(partial(document_detail, document_id=body.document_id)))


async def _verify_citation(library: AsyncLibrary, body: CitationBody) -> object:
    return as_json(await library.run(lambda opened: opened.check(body.claim())))


TOOLS = (
    Tool(
        name="ask",
        title="Ask the collection",
        description=(
            "Answer a question from the collection of articles. Gives passages, best first, each with a citation"
            " to the exact characters of its source, and `answer`, the sentence that answers, verbatim. `status`"
            " is `no_answer` when nothing answers well enough: then say so, and do not answer from the passages."
            " `confidence` is the probability that the first passage answers. Quote `cited_text` as it is and give"
            " its `formatted` source."
        ),
        takes=AskBody,
        gives=Answer,
        work=_ask,
    ),
    Tool(
        name="get_document",
        title="Read a document",
        description="Give a document of the collection: what is known of it, and its paragraphs with their places.",
        takes=DocumentBody,
        gives=DocumentDetail,
        work=_get_document,
    ),
    Tool(
        name="verify_citation",
        title="Check a citation",
        description=(
            "Check that a citation's `cited_text` stands at its `segments` in the source as it is held here."
            " Takes a citation as `ask` gave it, or the four fields of it that count."
        ),
        takes=CitationBody,
        gives=Verdict,
        work=_verify_citation,
    ),
)
BY_NAME: Mapping[str, Tool] = {tool.name: tool for tool in TOOLS}


async def use(library: AsyncLibrary, name: str, arguments: Mapping[str, Any]) -> Body:
    """Do what a tool does and give its result as JSON. Raise ToolRefused."""
    if name not in BY_NAME:
        raise ToolRefused(f"there is no tool {name!r}; there are {', '.join(BY_NAME)}")
    tool = BY_NAME[name]
    try:
        result: Any = await tool.work(library, tool.takes.model_validate(arguments))
    except ValidationError as error:
        places = [{**each, "loc": ("arguments", *each["loc"])} for each in error.errors()]
        raise ToolRefused(describe(RequestValidationError(places), name).detail) from error
    except (WherefromError, Overloaded, TookTooLong) as error:
        raise ToolRefused(describe(error, name).detail) from error
    return dict(result)


def openai_tools() -> list[Body]:
    """Describe the tools as function-calling APIs take them."""
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.input_schema()},
        }
        for tool in TOOLS
    ]
