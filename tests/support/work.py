"""Compare the work of a function on an input and on one twice as large."""

import gc
import time
from collections.abc import Callable

MAX_GROWTH = 3.2
"""Maximum growth for twice the input: 2 if the work is linear, 4 if it is quadratic."""
MIN_SECONDS = 0.02
"""Below this the clock and the caches count more than the input."""
ATTEMPTS = 5
"""Other processes share the caches, so that single measurements are noisy; quadratic work fails every time."""


def grows_linearly(call: Callable[[str], object], single: str, double: str) -> bool:
    """Return whether the processor time on `double` is at most about twice that on `single`, in one of some attempts.

    The garbage collector is off meanwhile: its own work grows with all objects of the process.
    """
    gc.collect()
    gc.disable()
    try:
        return any(
            _cpu_seconds(call, double) <= MAX_GROWTH * max(_cpu_seconds(call, single), MIN_SECONDS)
            for _ in range(ATTEMPTS)
        )
    finally:
        gc.enable()


def _cpu_seconds(call: Callable[[str], object], value: str) -> float:
    start = time.process_time()
    call(value)
    return time.process_time() - start
