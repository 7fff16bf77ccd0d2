"""The route at which agents speak their protocol."""

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from service.agents import PATH, Agents


class AgentDoor:
    """Passes requests on to what the lifespan opened."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        agents: Agents = scope["app"].state.agents
        await agents(scope, receive, send)


def agent_route() -> Route:
    """Make the route; it is not part of the OpenAPI description, since the protocol describes itself."""
    return Route(PATH, AgentDoor(), methods=["GET", "POST", "DELETE"], include_in_schema=False)
