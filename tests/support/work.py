"""Compares the work of a function on an input and on one twice as large."""

import gc
import time
from collections.abc import Callable

MAX_GROWTH = 3.2
"""Maximum growth of the time for twice the input: linear work grows by a factor of 2, quadratic work by 4."""
MIN_SECONDS = 0.02
"""Lower bound of the time for the single input: below it, the clock and the caches matter more than the input."""
ATTEMPTS = 5
"""Number of measurements: they are noisy, since other processes share the caches; quadratic work fails in each."""


def grows_linearly(call: Callable[[str], object], single: str, double: str) -> bool:
    """Return whether the processor time for `double` is at most MAX_GROWTH times that for `single` in any attempt.

    The garbage collector is off during the calls: its own work grows with all objects of the process.
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
