"""Tools and resources over the Model Context Protocol, on standard input and output or at `/mcp`.

The protocol's package takes 0.6 s to import, so it is imported for the first request and not at start-up.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup, TaskStatus

from wherefrom.index.errors import DocumentNotFound, ParagraphNotFound, WherefromError
from wherefrom.index.types import DocumentSummary
from wherefrom.service.errors import AgentsUnavailable, Overloaded, TookTooLong
from wherefrom.service.mcp import resources, tools
from wherefrom.service.mcp.tool import Tool
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.schemas.serialization import json_bytes

if TYPE_CHECKING:
    import mcp_types
    from mcp.server import Server
    from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/mcp"
INSTRUCTIONS = (
    "Answers from a collection of articles, with citations that anyone can check. Ask first; quote the cited text as it"
    " stands and give its source; when the status is no_answer, say that the collection does not answer. To filter,"
    " take the values that list_publishers and list_documents give; to read around a citation, use read_paragraphs."
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

    async def list_resources(_: object, page: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListResourcesResult:
        cursor = page.cursor if page else None
        with protocol_errors():
            documents, after = await library.run(lambda opened: resources.list_page(opened, cursor))
        return mcp_types.ListResourcesResult(resources=list(map(_describe_document, documents)), next_cursor=after)

    async def list_templates(*_: object) -> mcp_types.ListResourceTemplatesResult:
        return mcp_types.ListResourceTemplatesResult(resource_templates=_templates())

    async def read_resource(_: object, wanted: mcp_types.ReadResourceRequestParams) -> mcp_types.ReadResourceResult:
        uri = str(wanted.uri)
        with protocol_errors():
            media_type, text = await library.run(lambda opened: resources.read(opened, uri))
        contents = mcp_types.TextResourceContents(uri=uri, mime_type=media_type, text=text)
        return mcp_types.ReadResourceResult(contents=[contents])

    return Server(
        "wherefrom",
        version=version("wherefrom"),
        title="Wherefrom",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _describe(tool: Tool) -> mcp_types.Tool:
    import mcp_types

    return mcp_types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description + tool.beside_others,
        input_schema=tool.input_schema(),
        output_schema=tool.output_schema(),
        annotations=mcp_types.ToolAnnotations(read_only_hint=True, open_world_hint=False),
    )


@contextmanager
def protocol_errors() -> Iterator[None]:
    """Convert errors of the service, raised for a resource, to the protocol's, with advice for the agent."""
    from mcp.shared.exceptions import MCPError
    from mcp_types.jsonrpc import INTERNAL_ERROR, INVALID_PARAMS

    try:
        yield
    except (DocumentNotFound, ParagraphNotFound, resources.ResourceNotFound) as error:
        raise MCPError(INVALID_PARAMS, str(error) + tools.advice(error)) from error
    except (WherefromError, Overloaded, TookTooLong) as error:
        raise MCPError(INTERNAL_ERROR, str(error) + tools.advice(error)) from error


def _describe_document(document: DocumentSummary) -> mcp_types.Resource:
    import mcp_types

    publisher = document.publisher or document.agency
    date = document.published.isoformat() if document.published else None
    return mcp_types.Resource(
        uri=resources.document_uri(document.document_id),
        name=document.document_id,
        title=document.title or document.document_id,
        description=", ".join(filter(None, [publisher, date, f"{document.paragraphs} paragraphs"])),
        mime_type="text/plain",
    )


def _templates() -> list[mcp_types.ResourceTemplate]:
    import mcp_types

    return [
        mcp_types.ResourceTemplate(
            uri_template=resources.DOCUMENT_TEMPLATE,
            name="document",
            title="A document",
            description="The text of a document: its paragraphs, verbatim, each after its number in brackets.",
            mime_type="text/plain",
        ),
        mcp_types.ResourceTemplate(
            uri_template=resources.PARAGRAPH_TEMPLATE,
            name="paragraph",
            title="A paragraph as a citation",
            description="The citation of a paragraph, as `ask` returns it and `verify_citation` takes it.",
            mime_type="application/json",
        ),
    ]


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
        """Run the protocol's own tasks. `AccessControl` has already checked a request's host, origin and key."""
        from mcp.server.transport_security import TransportSecuritySettings

        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        app = server.streamable_http_app(json_response=True, stateless_http=True, transport_security=security)
        async with server.session_manager.run():
            task_status.started(app)
            await anyio.sleep_forever()


@asynccontextmanager
async def serve_mcp(library: AsyncLibrary) -> AsyncIterator[McpApp]:
    """Provide the ASGI application; its tasks end with the context."""
    async with anyio.create_task_group() as tasks:
        try:
            yield McpApp(library, tasks)
        finally:
            tasks.cancel_scope.cancel()
