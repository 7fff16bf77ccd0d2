"""Readiness: whether questions are answered, found out by asking one."""

import logging
import time

from anyio import Lock, fail_after

from wherefrom.index.errors import EngineUnavailable
from wherefrom.index.types import AskOptions
from wherefrom.service.bootstrap import PROBE_QUESTION
from wherefrom.service.errors import NotReady
from wherefrom.service.runtime.async_library import AsyncLibrary

TIMEOUT_SECONDS = 5.0
FRESH_SECONDS = 1.0
"""How long a result is reused, so that frequent checks cost nothing."""
log = logging.getLogger(__name__)


class Readiness:
    """Whether the library answers; probes run one at a time and at most once a second."""

    def __init__(self, library: AsyncLibrary) -> None:
        self._library = library
        self._lock = Lock()
        self._checked_at = -FRESH_SECONDS
        self._failure: str | None = None

    async def check(self) -> None:
        """Raise NotReady if questions are not answered, Overloaded if no further question may wait."""
        self._library.check_capacity()
        async with self._lock:
            if time.monotonic() - self._checked_at >= FRESH_SECONDS:
                self._failure = await self._probe()
                self._checked_at = time.monotonic()
        if self._failure is not None:
            raise NotReady(self._failure)

    async def _probe(self) -> str | None:
        """Ask a question, and return what went wrong."""
        try:
            with fail_after(TIMEOUT_SECONDS):
                await self._library.probe(PROBE_QUESTION, AskOptions(top_k=1))
        except TimeoutError:
            return f"the canary question took over {TIMEOUT_SECONDS:g} seconds"
        except EngineUnavailable as error:
            log.warning("The canary question failed: %s", error)
            return str(error)
        except Exception:
            log.exception("The canary question failed")
            return "the canary question failed; the log says why"
        return None
