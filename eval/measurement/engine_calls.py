"""The calls that the cluster engine makes to Milvus and PostgreSQL: how many, and the time in which it waits for them.

Searches of Milvus and statements of connections are watched, each from its call to its result; those of the thread that
keeps Milvus up to date are not.
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
"""When a call began and ended, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The calls to one server: their number, and the seconds in which at least one of them was under way."""

    number: int
    seconds: float

    @classmethod
    def of(cls, intervals: list[Interval]) -> "Calls":
        """Return the calls of some intervals, which may overlap."""
        seconds, covered = 0.0, float("-inf")
        for began, ended in sorted(intervals):
            seconds += max(ended - max(began, covered), 0.0)
            covered = max(covered, ended)
        return cls(number=len(intervals), seconds=seconds)


@dataclass(slots=True)
class WatchedCalls:
    """The calls since they were last taken. Thread-safe."""

    _milvus: list[Interval] = field(default_factory=list)
    _postgres: list[Interval] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> tuple[Calls, Calls]:
        """Return the calls to Milvus and to PostgreSQL, and forget them."""
        with self._turn:
            milvus, postgres = Calls.of(self._milvus), Calls.of(self._postgres)
            self._milvus.clear()
            self._postgres.clear()
        return milvus, postgres

    def watching(self, call: Callable[..., Any], *, milvus: bool) -> Callable[..., Any]:
        """Return a call that does the same and is watched."""
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
    """Watch the calls of this process."""
    calls = WatchedCalls()
    with ExitStack() as patched:
        for name in ("nearest", "heaviest"):
            search = calls.watching(getattr(Milvus, name), milvus=True)
            patched.enter_context(patch.object(Milvus, name, search))
        execute = calls.watching(psycopg.Connection.execute, milvus=False)
        patched.enter_context(patch.object(psycopg.Connection, "execute", execute))
        yield calls
