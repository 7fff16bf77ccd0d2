"""The state of a service before its library is open: requests are refused with the reason, in words."""

import logging
from typing import NoReturn

from wherefrom.service.errors import NotReady

OPENING = "Opening the collection"
log = logging.getLogger(__name__)


class Opening:
    """The step that the service is at before it is ready; `reason` describes it for refused requests."""

    def __init__(self) -> None:
        self.reason = OPENING

    def report(self, reason: str) -> None:
        """Set the reason, and log it."""
        self.reason = reason
        log.info("%s", reason)


class Unopened:
    """A placeholder for the library before it is open: every use of it raises NotReady."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def __getattr__(self, name: str) -> NoReturn:
        raise NotReady(self._opening.reason)

    async def __call__(self, *_: object) -> NoReturn:
        """Raise NotReady."""
        raise NotReady(self._opening.reason)
