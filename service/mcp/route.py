"""The route at which agents speak their protocol."""

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from wherefrom.service.mcp.server import PATH, Agents


class AgentDoor:
    """Passes requests on to what the lifespan opened."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        agents: Agents = scope["app"].state.agents
        await agents(scope, receive, send)


def agent_route() -> Route:
    """Make the route, which is not in the OpenAPI description since the protocol describes itself.

    No session and no stream is kept, so there is nothing to GET or DELETE: a 405, as the protocol wants it.
    """
    return Route(PATH, AgentDoor(), methods=["POST"], include_in_schema=False)
