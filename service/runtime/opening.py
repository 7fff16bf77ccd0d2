"""The time before a library is open: requests are refused with the reason, in words."""

import logging
from typing import NoReturn

from wherefrom.service.errors import NotReady

OPENING = "Opening the collection"
log = logging.getLogger(__name__)


class Opening:
    """What the service is doing before it is ready."""

    def __init__(self) -> None:
        self.reason = OPENING

    def report(self, reason: str) -> None:
        """Give requests another reason, and log it."""
        self.reason = reason
        log.info("%s", reason)


class Unopened:
    """Stands where the library will be: whatever is asked of it raises NotReady."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def __getattr__(self, name: str) -> NoReturn:
        raise NotReady(self._opening.reason)

    async def __call__(self, *_: object) -> NoReturn:
        """Raise NotReady."""
        raise NotReady(self._opening.reason)
