"""Errors of the service, in addition to those of the library; `headers` are sent with the problem."""

from collections.abc import Mapping, Sequence
from typing import Any

from wherefrom.index.errors import InvalidQuestion, QuotationRefused, WherefromError

UNKNOWN_KEY = "the API key is not known"


class NotReady(Exception):
    """The service cannot answer questions at present; the message says why."""

    headers: Mapping[str, str] = {"Retry-After": "5"}


class Unauthorized(Exception):
    """The request needs an API key, or its key is unknown."""

    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="wherefrom"'}


class Forbidden(Exception):
    """The client is not allowed to make the request; `reason` is the label for metrics."""

    headers: Mapping[str, str] = {}

    def __init__(self, message: str, reason: str = "forbidden") -> None:
        super().__init__(message)
        self.reason = reason


class TooManyRequests(Exception):
    """The client has reached its rate limit; it may try again after `retry_seconds`."""

    def __init__(self, limit: str, retry_seconds: int) -> None:
        super().__init__(f"no more than {limit}; try again in {retry_seconds} s")
        self.headers: Mapping[str, str] = {"Retry-After": str(retry_seconds)}


class TookTooLong(Exception):
    """The answer was not ready within the time limit."""

    headers: Mapping[str, str] = {"Retry-After": "5"}


class Overloaded(Exception):
    """The queue is full."""

    headers: Mapping[str, str] = {"Retry-After": "1"}

    def __init__(self) -> None:
        super().__init__("too many requests are waiting; try again in a moment")


class InvalidRequest(Exception):
    """A request does not match its schema; `errors` are pydantic's details, with `body`, say, as the first of `loc`."""

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("the request does not match its schema")
        self.errors = errors


class QuotationsRefused(QuotationRefused, InvalidRequest):
    """Texts to be quoted are not in the collection; `reasons` has the reason for each position in the request."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        InvalidRequest.__init__(
            self,
            [
                {"type": "quotation", "loc": ("body", "quotations", position), "msg": reason}
                for position, reason in reasons.items()
            ],
        )


class UnknownCursor(InvalidQuestion):
    """The cursor does not come from a page of this list."""

    def __init__(self, reason: str) -> None:
        super().__init__("cursor", reason)


class MalformedHeader(Exception):
    """A header of the request cannot be parsed; the message names it."""


class MalformedBody(Exception):
    """The body does not match its Content-Type."""


class IncompleteBody(Exception):
    """The client disconnected before it had sent the whole body."""


class UnsupportedBody(Exception):
    """The route does not accept the body's Content-Type or Content-Encoding."""


class AgentsUnavailable(WherefromError):
    """The package for the Model Context Protocol is not installed."""

    def __init__(self) -> None:
        super().__init__("the agents' protocol needs an extra: pip install 'wherefrom[mcp]'")
