"""Readiness: checks with a canary question whether questions are answered."""

import logging
import time
from contextlib import suppress

from anyio import Lock, fail_after

from wherefrom.index.errors import EngineUnavailable, WherefromError
from wherefrom.index.types import AskOptions, CollectionStatus
from wherefrom.service.bootstrap import PROBE_QUESTION
from wherefrom.service.errors import NotReady, Overloaded, TookTooLong
from wherefrom.service.runtime.async_library import AsyncLibrary

TIMEOUT_SECONDS = 5.0
FRESH_SECONDS = 1.0
"""Time for which a result is reused, so that frequent checks cost nothing."""
log = logging.getLogger(__name__)


class Readiness:
    """Whether the library answers; probes run one at a time and at most once a second."""

    def __init__(self, library: AsyncLibrary) -> None:
        self._library = library
        self._lock = Lock()
        self._checked_at = -FRESH_SECONDS
        self._failure: str | None = None
        self._status: CollectionStatus | None = None

    async def check(self) -> CollectionStatus | None:
        """Return how far answers are behind the stored documents, `None` if it could not be read.

        Raise NotReady if questions are not answered, Overloaded if no further question may wait.
        """
        self._library.check_capacity()
        async with self._lock:
            if time.monotonic() - self._checked_at >= FRESH_SECONDS:
                self._failure = await self._probe()
                self._status = None if self._failure else await self._read_status()
                self._checked_at = time.monotonic()
        if self._failure is not None:
            raise NotReady(self._failure)
        return self._status

    async def _read_status(self) -> CollectionStatus | None:
        """Return how far answers are behind the stored documents; `None` if the service is too busy to read it."""
        with suppress(WherefromError, Overloaded, TookTooLong):
            return await self._library.run(lambda opened: opened.status())
        return None

    async def _probe(self) -> str | None:
        """Ask the canary question; return the reason of a failure, `None` if it was answered."""
        try:
            with fail_after(TIMEOUT_SECONDS):
                await self._library.probe(PROBE_QUESTION, AskOptions(top_k=1))
        except TimeoutError:
            return f"the canary question took over {TIMEOUT_SECONDS:g} seconds"
        except EngineUnavailable as error:
            log.warning("The canary question failed: %s", error)
            return str(error)
        except WherefromError as error:
            log.error("The canary question failed: %s", error)  # noqa: TRY400 - the message says what is wrong
            return "the canary question failed; the log says why"
        except Exception:
            log.exception("The canary question failed")
            return "the canary question failed; the log says why"
        return None
