"""What a tool for agents is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from wherefrom.service.runtime.async_library import AsyncLibrary

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool: its description, the types of its arguments and result, and the function that runs it.

    `route_arguments` are what the HTTP API takes of the arguments, so that function-calling loops can use the tool too;
    `None` if it has no route.
    """

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    result: type
    run: Callable[[AsyncLibrary, Any], Awaitable[object]]
    route_arguments: type[BaseModel] | None = None

    def input_schema(self) -> JsonObject:
        """Return the JSON Schema of the arguments."""
        return self.arguments.model_json_schema()

    def output_schema(self) -> JsonObject:
        """Return the JSON Schema of the result, in which fields that may be left out are not required."""
        return TypeAdapter(self.result).json_schema(mode="validation")
