"""Compare the work of a function on an input and on one twice as large."""

import gc
import time
from collections.abc import Callable

MAX_GROWTH = 3.2
"""Maximum growth for twice the input: 2 if the work is linear, 4 if it is quadratic."""
MIN_SECONDS = 0.02
"""Below this the clock and the caches count more than the input."""
ROUNDS = 3


def grows_linearly(call: Callable[[str], object], single: str, double: str) -> bool:
    """Return whether the processor time on `double` is at most about twice that on `single`."""
    return _cpu_seconds(call, double) <= MAX_GROWTH * max(_cpu_seconds(call, single), MIN_SECONDS)


def _cpu_seconds(call: Callable[[str], object], value: str) -> float:
    gc.collect()
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        call(value)
        best = min(best, time.process_time() - start)
    return best
