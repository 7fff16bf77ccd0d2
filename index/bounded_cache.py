"""A bounded, thread-safe memo cache with first-in, first-out eviction."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """Holds at most `max_size` values by key and evicts the oldest insertion first; safe for many threads.

    A value must not be `None`. With a `max_size` of 0 nothing is stored.
    """

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._values: dict[K, V] = {}
        self._write_lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """Return the cached value of a key, or `None` if there is none."""
        return self._values.get(key)

    def get_or_compute(self, key: K, compute: Callable[[], V]) -> V:
        """Return the cached value of a key; compute and store it first if there is none.

        Threads that miss the same key at the same time each compute the value.
        """
        value = self._values.get(key)
        if value is None:
            value = compute()
            self.put(key, value)
        return value

    def put(self, key: K, value: V) -> None:
        """Store a value, and evict the oldest values beyond `max_size`."""
        if not self._max_size:
            return
        with self._write_lock:
            self._values[key] = value
            while len(self._values) > self._max_size:
                del self._values[next(iter(self._values))]

    def __len__(self) -> int:
        return len(self._values)
