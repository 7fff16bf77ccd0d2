"""Tools over the Model Context Protocol, on standard input and output or at `/mcp`.

The protocol's package takes 0.6 s to import, so it is imported for the first request and not at start-up.
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

from wherefrom.service.errors import AgentsUnavailable
from wherefrom.service.mcp import tools
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.schemas.serialization import json_bytes

if TYPE_CHECKING:
    import mcp_types
    from mcp.server import Server
    from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/mcp"
INSTRUCTIONS = (
    "Answers from a collection of articles, with citations that anyone can check. Ask first; quote the cited text as it"
    " stands and give its source; when the status is no_answer, say that the collection does not answer."
)


def check_installed() -> None:
    """Raise AgentsUnavailable if the protocol's package is not installed."""
    if find_spec("mcp") is None:
        raise AgentsUnavailable


def mcp_server(library: AsyncLibrary) -> Server[Any]:
    """Build the protocol's server. Raise AgentsUnavailable."""
    check_installed()
    import mcp_types
    from mcp.server import Server

    async def list_tools(*_: object) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=[_describe(tool) for tool in tools.TOOLS])

    async def call_tool(_: object, call: mcp_types.CallToolRequestParams) -> mcp_types.CallToolResult:
        try:
            result = await tools.call_tool(library, call.name, call.arguments or {})
        except tools.ToolRefused as error:
            return mcp_types.CallToolResult(content=[_text(str(error))], is_error=True)
        return mcp_types.CallToolResult(content=[_text(json_bytes(result).decode())], structured_content=result)

    return Server(
        "wherefrom",
        version=version("wherefrom"),
        title="Wherefrom",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _describe(tool: tools.Tool) -> mcp_types.Tool:
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
    """Serve on standard input and output until the client disconnects."""
    check_installed()
    from mcp.server.stdio import stdio_server

    server = mcp_server(library)
    async with stdio_server() as (read_stream, write_stream):
        await server.run(read_stream, write_stream, server.create_initialization_options())


class McpApp:
    """The protocol at `/mcp` as an ASGI application, started by its first request; requests share no session."""

    def __init__(self, library: AsyncLibrary, tasks: TaskGroup) -> None:
        self._library = library
        self._tasks = tasks
        self._start_lock = anyio.Lock()
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raise AgentsUnavailable."""
        async with self._start_lock:
            if self._app is None:
                server = await to_thread.run_sync(mcp_server, self._library)
                self._app = await self._tasks.start(self._run, server)
        await self._app(scope, receive, send)

    async def _run(self, server: Server[Any], *, task_status: TaskStatus[ASGIApp]) -> None:
        """Run the protocol's own tasks. `AccessControl` has checked host, origin and key of a request before."""
        from mcp.server.transport_security import TransportSecuritySettings

        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        app = server.streamable_http_app(json_response=True, stateless_http=True, transport_security=security)
        async with server.session_manager.run():
            task_status.started(app)
            await anyio.sleep_forever()


@asynccontextmanager
async def serve_mcp(library: AsyncLibrary) -> AsyncIterator[McpApp]:
    """Provide the ASGI application as long as the context lasts."""
    async with anyio.create_task_group() as tasks:
        try:
            yield McpApp(library, tasks)
        finally:
            tasks.cancel_scope.cancel()
