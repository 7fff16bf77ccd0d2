"""What a response writes piece by piece, handed to the system in fewer pieces."""

import asyncio
from typing import Any


class JoinedWrites:
    """A transport that writes two pieces together, a response's head and its body, if both come in one turn of a loop.

    A call of the system and a packet less for each response: its client is woken once. At most one piece is held.
    """

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:  # noqa: ANN401 - uvloop's own type
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None

    def write(self, data: bytes) -> None:
        """Write what is held and this, or hold this until the next piece comes or the turn ends."""
        if self._held is None:
            self._held = data
            self._loop.call_soon(self._release)
        else:
            held, self._held = self._held, None
            self._transport.writelines((held, data))

    def close(self) -> None:
        """Close when all is written."""
        self._release()
        self._transport.close()

    def _release(self) -> None:
        held, self._held = self._held, None
        if held is not None and not self._transport.is_closing():
            self._transport.write(held)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the rest is the transport's
        return getattr(self._transport, name)
