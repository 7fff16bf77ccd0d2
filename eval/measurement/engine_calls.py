"""Counts and times the calls of the cluster engine to Milvus and PostgreSQL.

Searches in Milvus and statements of PostgreSQL connections are recorded, each from its call to its result, except those
of the thread that keeps Milvus up to date.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from time import perf_counter
from typing import Any
from unittest.mock import patch

import psycopg

from wherefrom.index.cluster import indexer
from wherefrom.index.cluster.milvus import Milvus

Interval = tuple[float, float]
"""Start and end of a call, in seconds of `perf_counter`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The calls to one server: their number, and the total time in seconds with at least one call in progress."""

    number: int
    seconds: float

    @classmethod
    def of(cls, intervals: list[Interval]) -> "Calls":
        """Return the number and the total time of intervals, which may overlap."""
        seconds, covered = 0.0, float("-inf")
        for began, ended in sorted(intervals):
            seconds += max(ended - max(began, covered), 0.0)
            covered = max(covered, ended)
        return cls(number=len(intervals), seconds=seconds)


@dataclass(slots=True)
class WatchedCalls:
    """Records the calls since the last `take`. Thread-safe."""

    _milvus: list[Interval] = field(default_factory=list)
    _postgres: list[Interval] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> tuple[Calls, Calls]:
        """Return the calls to Milvus and to PostgreSQL since the last `take`, and reset both."""
        with self._turn:
            milvus, postgres = Calls.of(self._milvus), Calls.of(self._postgres)
            self._milvus.clear()
            self._postgres.clear()
        return milvus, postgres

    def watching(self, call: Callable[..., Any], *, milvus: bool) -> Callable[..., Any]:
        """Wrap a function so that its calls are recorded."""
        intervals = self._milvus if milvus else self._postgres

        @wraps(call)
        def watched(*arguments: object, **keywords: object) -> object:
            if threading.current_thread().name == indexer.THREAD:
                return call(*arguments, **keywords)
            began = perf_counter()
            try:
                return call(*arguments, **keywords)
            finally:
                with self._turn:
                    intervals.append((began, perf_counter()))

        return watched


@contextmanager
def watched_calls() -> Iterator[WatchedCalls]:
    """Record the calls of this process while the context is open."""
    calls = WatchedCalls()
    with ExitStack() as patched:
        for name in ("nearest", "heaviest"):
            search = calls.watching(getattr(Milvus, name), milvus=True)
            patched.enter_context(patch.object(Milvus, name, search))
        execute = calls.watching(psycopg.Connection.execute, milvus=False)
        patched.enter_context(patch.object(psycopg.Connection, "execute", execute))
        yield calls
