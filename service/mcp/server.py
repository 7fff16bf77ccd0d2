"""The tools over the Model Context Protocol, on standard input and output or at `/mcp`.

The protocol's package takes 0.6 s to import, so it is imported when the first agent comes, and not at start-up.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup, TaskStatus
from starlette.types import ASGIApp, Receive, Scope, Send

from wherefrom.service.errors import AgentsUnavailable
from wherefrom.service.mcp import tools
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.schemas.serialization import json_bytes

if TYPE_CHECKING:
    import mcp_types
    from mcp.server import Server

PATH = "/mcp"
INSTRUCTIONS = (
    "Answers from a collection of articles, with citations that anyone can check. Ask first; quote the cited text as it"
    " stands and give its source; when the status is no_answer, say that the collection does not answer."
)


def check_installed() -> None:
    """Raise AgentsUnavailable unless the protocol can be spoken."""
    if find_spec("mcp") is None:
        raise AgentsUnavailable


def agent_server(library: AsyncLibrary) -> Server[Any]:
    """Put the protocol's server together. Raise AgentsUnavailable."""
    check_installed()
    import mcp_types
    from mcp.server import Server

    async def list_tools(*_: object) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=[_described(tool) for tool in tools.TOOLS])

    async def call_tool(_: object, asked: mcp_types.CallToolRequestParams) -> mcp_types.CallToolResult:
        try:
            result = await tools.use(library, asked.name, asked.arguments or {})
        except tools.ToolRefused as error:
            return mcp_types.CallToolResult(content=[_text(str(error))], is_error=True)
        told = json_bytes(result).decode()
        return mcp_types.CallToolResult(content=[_text(told)], structured_content=result)

    return Server(
        "wherefrom",
        version=version("wherefrom"),
        title="Wherefrom",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _described(tool: tools.Tool) -> mcp_types.Tool:
    import mcp_types

    return mcp_types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema(),
        output_schema=tool.output_schema(),
        annotations=mcp_types.ToolAnnotations(read_only_hint=True, open_world_hint=False),
    )


def _text(text: str) -> mcp_types.TextContent:
    import mcp_types

    return mcp_types.TextContent(type="text", text=text)


async def serve_stdio(library: AsyncLibrary) -> None:
    """Speak the protocol on standard input and output until the other side ends it."""
    check_installed()
    from mcp.server.stdio import stdio_server

    server = agent_server(library)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


class Agents:
    """The protocol at `/mcp` as an ASGI application, begun by its first request; every request stands alone."""

    def __init__(self, library: AsyncLibrary, tasks: TaskGroup) -> None:
        self._library = library
        self._tasks = tasks
        self._begun = anyio.Lock()
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raise AgentsUnavailable."""
        async with self._begun:
            if self._app is None:
                server = await to_thread.run_sync(agent_server, self._library)
                self._app = await self._tasks.start(self._run, server)
        await self._app(scope, receive, send)

    async def _run(self, server: Server[Any], *, task_status: TaskStatus[ASGIApp]) -> None:
        """Keep the protocol's own tasks. The service's doors check hosts, origins and keys before this is reached."""
        from mcp.server.transport_security import TransportSecuritySettings

        unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        app = server.streamable_http_app(json_response=True, stateless_http=True, transport_security=unchecked)
        async with server.session_manager.run():
            task_status.started(app)
            await anyio.sleep_forever()


@asynccontextmanager
async def serving_agents(library: AsyncLibrary) -> AsyncIterator[Agents]:
    """Serve agents as long as the context lasts."""
    async with anyio.create_task_group() as tasks:
        try:
            yield Agents(library, tasks)
        finally:
            tasks.cancel_scope.cancel()
