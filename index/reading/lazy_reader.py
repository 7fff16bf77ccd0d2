"""A reader that is loaded when it is first used, so that commands without questions do not load it."""

import threading
from collections.abc import Callable

from wherefrom.index.reading.protocol import Reader


class LazyReader:
    """Loads a reader once, in the first thread that asks for it. Thread-safe."""

    def __init__(self, load: Callable[[], Reader | None]) -> None:
        """Create a lazy reader; `load` returns the reader, or `None` if there is none."""
        self._load = load
        self._lock = threading.Lock()
        self._loaded = False
        self._reader: Reader | None = None

    def get(self) -> Reader | None:
        """Return the reader, or `None` if there is none."""
        if not self._loaded:
            with self._lock:
                if not self._loaded:
                    self._reader = self._load()
                    self._loaded = True
        return self._reader


NO_READER = LazyReader(lambda: None)
"""For a library without a reader."""
