"""Rate limits: fixed windows of a monotonic clock, counted per process."""

import time
from collections.abc import Callable
from math import ceil

from wherefrom.service.errors import TooManyRequests

RATE_LIMIT_KEY = "wherefrom.rate_limit"
"""Key, in a request's scope, of the `Charge` for further items of a batch; absent without a rate limit."""
MIN_TO_PRUNE = 1_000
Charge = Callable[[int], None]


class RateLimit:
    """Limits that apply to each client separately. The cost is 1 us per request.

    Requests counted beyond a limit are subtracted from the following windows. Setting the system's clock has no effect.
    """

    def __init__(self, limits: str, clock: Callable[[], float] = time.monotonic) -> None:
        from limits import parse_many  # noqa: PLC0415 - most services have no limit, and it takes 15 ms

        self._windows = [_Windows(str(limit), limit.amount, limit.get_expiry()) for limit in parse_many(limits)]
        self._clock = clock

    @property
    def clients(self) -> int:
        """The number of clients with a stored window, for the limit that has the most of them."""
        return max(map(len, self._windows))

    def check(self, client: str) -> None:
        """Count one request. If a limit is reached, count nothing and raise TooManyRequests with the time to wait."""
        now = self._clock()
        for windows in self._windows:
            if seconds := windows.seconds_to_wait(client, now):
                raise TooManyRequests(windows.limit, ceil(seconds))
        self.charge(client, 1)

    def charge(self, client: str, amount: int) -> None:
        """Count `amount` more requests, even beyond the limits."""
        now = self._clock()
        for windows in self._windows:
            windows.count(client, amount, now)


class _Windows:
    """The current window of each client under one limit: the time of its end, and the count."""

    def __init__(self, limit: str, amount: int, seconds: int) -> None:
        self.limit = limit
        self._amount = amount
        self._seconds = seconds
        self._windows: dict[str, tuple[float, int]] = {}
        self._prune_at = MIN_TO_PRUNE

    def __len__(self) -> int:
        """Return the number of clients with a stored window."""
        return len(self._windows)

    def seconds_to_wait(self, client: str, now: float) -> float:
        """Return the time until another request is allowed, in seconds; 0 if it is."""
        end, count = self._window(client, now)
        return 0 if count < self._amount else end - now + (count // self._amount - 1) * self._seconds

    def count(self, client: str, amount: int, now: float) -> None:
        """Count requests of a client."""
        end, count = self._window(client, now)
        self._windows[client] = (end, count + amount)
        if len(self._windows) >= self._prune_at:
            self._prune(now)

    def _window(self, client: str, now: float) -> tuple[float, int]:
        """Return the end of the client's window at this time, and the count in it."""
        end, count = self._windows.get(client, (now, 0))
        if now < end:
            return end, count
        passed = int((now - end) // self._seconds) + 1
        rest = count - passed * self._amount
        return (end + passed * self._seconds, rest) if rest > 0 else (now + self._seconds, 0)

    def _prune(self, now: float) -> None:
        """Remove clients whose window has passed with nothing left to subtract; repeat when the number has doubled."""
        self._windows = {
            client: (end, count) for client, (end, count) in self._windows.items() if self._window(client, now)[1]
        }
        self._prune_at = max(MIN_TO_PRUNE, 2 * len(self._windows))
