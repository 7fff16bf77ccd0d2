"""The type of a tool for agents."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from wherefrom.service.runtime.async_library import AsyncLibrary

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool: its description, the types of its arguments and result, and the function that runs it.

    `beside_others` follows the description where all tools and arguments are offered: it names some that function calls
    do not have. `route_arguments` is the type of the arguments that the tool's route of the HTTP API accepts, for
    function-calling loops; `None` if there is no route.
    """

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    result: type
    run: Callable[[AsyncLibrary, Any], Awaitable[object]]
    beside_others: str = ""
    route_arguments: type[BaseModel] | None = None

    def input_schema(self) -> JsonObject:
        """Return the JSON Schema of the arguments."""
        return self.arguments.model_json_schema()

    def output_schema(self) -> JsonObject:
        """Return the JSON Schema of the result; fields that may be left out are not required."""
        return TypeAdapter(self.result).json_schema(mode="validation")
