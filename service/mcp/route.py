"""The HTTP route of the Model Context Protocol."""

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from wherefrom.service.mcp.server import PATH, McpApp


class McpEndpoint:
    """Passes requests on to the `McpApp` that the lifespan has opened."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        app: McpApp = scope["app"].state.mcp
        await app(scope, receive, send)


def mcp_route() -> Route:
    """Return the route; it is not in the OpenAPI description, since the protocol describes itself.

    No session and no stream is kept, so there is nothing to GET or DELETE: both are a 405, as the protocol requires.
    """
    return Route(PATH, McpEndpoint(), methods=["POST"], include_in_schema=False)
