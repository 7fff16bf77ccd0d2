"""What can go wrong beside what the library raises; headers of an error say how to go on."""

from collections.abc import Mapping

from wherefrom.index.errors import WherefromError


class NotReady(Exception):
    """The service cannot answer questions now; the message says why."""


class Unauthorized(Exception):
    """The request needs an API key, or has one that is not known."""

    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="wherefrom"'}


class Forbidden(Exception):
    """Whoever sent the request may not do what it asks for."""

    headers: Mapping[str, str] = {}


class TooManyRequests(Exception):
    """Whoever sent the request has sent as many as they may for a while."""

    def __init__(self, limit: str, seconds: int) -> None:
        super().__init__(f"no more than {limit}; try again in {seconds} s")
        self.headers: Mapping[str, str] = {"Retry-After": str(seconds)}


class TookTooLong(Exception):
    """The answer took longer than anyone is made to wait for it."""

    headers: Mapping[str, str] = {"Retry-After": "5"}


class Overloaded(Exception):
    """As many requests wait as may; whoever asks again in a moment may find room."""

    headers: Mapping[str, str] = {"Retry-After": "1"}

    def __init__(self) -> None:
        super().__init__("too many requests are waiting; try again in a moment")


class MalformedHeader(Exception):
    """A header of the request cannot be read; the message names it."""


class MalformedBody(Exception):
    """The body is not what its Content-Type says."""


class UnsupportedBody(Exception):
    """The body's Content-Type or Content-Encoding is not one that the route reads."""


class AgentsUnavailable(WherefromError):
    """The package of the agents' protocol is not installed."""

    def __init__(self) -> None:
        super().__init__("the agents' protocol needs an extra: pip install 'wherefrom[mcp]'")
