"""The HTTP route of the Model Context Protocol."""

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from wherefrom.service.mcp.server import PATH, McpApp


class McpEndpoint:
    """Passes requests to the `McpApp` that the lifespan has opened."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        app: McpApp = scope["app"].state.mcp
        await app({**scope, "path": PATH, "raw_path": PATH.encode()}, receive, send)


def mcp_routes() -> list[Route]:
    """Return the routes, without and with a trailing slash, which clients that join addresses append.

    They are not in the OpenAPI description, since the protocol describes itself. There are no sessions and no streams,
    so there is nothing to GET or DELETE: both are a 405, as the protocol requires.
    """
    return [Route(path, McpEndpoint(), methods=["POST"], include_in_schema=False) for path in (PATH, f"{PATH}/")]
