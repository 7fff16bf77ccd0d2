"""Values that are made once and kept while there is room."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """At most so many values by their keys; the oldest go first. Many threads may ask at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[K, V] = {}
        self._changing = threading.Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value kept for a key, or the one that is made now."""
        found = self._values.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def find(self, key: K) -> V | None:
        """The value kept for a key; null if there is none."""
        return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Keep a value."""
        if not self._most:
            return
        with self._changing:
            self._values[key] = value
            while len(self._values) > self._most:
                del self._values[next(iter(self._values))]

    def __len__(self) -> int:
        return len(self._values)
