"""The connection to Milvus, and the translation of its errors.

While Milvus cannot be reached or does not answer in time, only one call at a time tries it; all others fail at once
with the reason, so that no thread waits for it. The indexer makes such a call every half second.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from wherefrom.index.errors import EngineUnavailable

if TYPE_CHECKING:
    from pymilvus import MilvusClient

CONNECT_SECONDS = 5.0
"""Time limit of connecting to Milvus."""


class MilvusConnection:
    """A connection to Milvus. Thread-safe; it connects on first use and reconnects by itself."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._client: MilvusClient | None = None
        self._connecting = threading.Lock()
        self._outage: str | None = None
        self._trying = threading.Lock()
        self._is_closed = False
        self.failures = 0
        """The number of calls that did not reach Milvus or got no answer in time."""

    def close(self) -> None:
        """Close the connection; calls that run fail."""
        self._is_closed = True
        with self._connecting:
            client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                client.close()

    @contextmanager
    def client(self) -> Iterator[Any]:
        """Yield the client for one or several calls. Errors of Milvus become EngineUnavailable."""
        import grpc  # noqa: PLC0415 - an extra
        from pymilvus import MilvusException  # noqa: PLC0415 - an extra

        with self._turn():
            try:
                yield self._connected()
            except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError, ValueError, ConnectionError) as error:
                lines = str(error).strip().splitlines() or ["it does not answer"]
                self._outage = lines[0] if _is_unreachable(error) else None
                self.failures += self._outage is not None
                raise EngineUnavailable("Milvus", lines[0]) from error
            self._outage = None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let a call through; during an outage, only one at a time. Raises EngineUnavailable."""
        outage = self._outage
        if outage is None:
            yield
        elif self._trying.acquire(blocking=False):
            try:
                yield
            finally:
                self._trying.release()
        else:
            raise EngineUnavailable("Milvus", outage)

    def _connected(self) -> "MilvusClient":
        from pymilvus import MilvusClient  # noqa: PLC0415 - an extra

        with self._connecting:
            if self._is_closed:
                raise ConnectionError("the connection was closed")
            if self._client is None:
                logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it logs is in our error
                self._client = MilvusClient(self._uri, timeout=CONNECT_SECONDS, dedicated=True)
            return self._client


def _is_unreachable(error: BaseException) -> bool:
    """Return whether an error means that Milvus was not reached or did not answer; false if it refused a call."""
    import grpc  # noqa: PLC0415 - an extra

    seen: set[int] = set()
    reason: BaseException | None = error
    while reason is not None and id(reason) not in seen:
        if isinstance(reason, grpc.RpcError | grpc.FutureTimeoutError | ConnectionError):
            return True
        seen.add(id(reason))
        is_own_cause = reason.__cause__ is reason  # pymilvus raises errors from themselves
        reason = reason.__context__ if is_own_cause else reason.__cause__ or reason.__context__
    return False
