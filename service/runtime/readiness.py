"""A question that is asked to see whether questions are answered."""

import logging
import time

from anyio import Lock, fail_after

from wherefrom.service.bootstrap import QUESTION
from wherefrom.service.errors import NotReady
from wherefrom.service.runtime.async_library import AsyncLibrary

SECONDS = 5.0
FRESH_SECONDS = 1.0
"""How long an answer stands for the next ones who want to know, so that asking often costs nothing."""
log = logging.getLogger(__name__)


class Canary:
    """Whether the library answers; it is asked by one at a time and no more than once a second."""

    def __init__(self, library: AsyncLibrary) -> None:
        self._library = library
        self._asking = Lock()
        self._asked = -FRESH_SECONDS
        self._trouble: str | None = None

    async def check(self) -> None:
        """Raise NotReady if questions are not answered, Overloaded if no more may wait."""
        self._library.check_room()
        async with self._asking:
            if time.monotonic() - self._asked >= FRESH_SECONDS:
                self._trouble = await self._ask()
                self._asked = time.monotonic()
        if self._trouble is not None:
            raise NotReady(self._trouble)

    async def _ask(self) -> str | None:
        try:
            with fail_after(SECONDS):
                await self._library.run(lambda opened: opened.ask(QUESTION, top_k=1))
        except TimeoutError:
            return f"the canary question took over {SECONDS:g} seconds"
        except Exception:
            log.exception("The canary question failed")
            return "the canary question failed; the log says why"
        return None
