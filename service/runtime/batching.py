"""Questions that wait together are encoded together: threads that take what waits, encode it at once, and answer.

A question that comes while none is encoded is taken at once, so that nothing is ever waited for. Others gather
meanwhile, first come, first served, until that is done or they are a full batch, which is answered at one state of the
collection.
"""

import asyncio
import os
import threading
import time
from collections import deque
from collections.abc import Sequence

from wherefrom.index.answering.searcher import Searcher
from wherefrom.index.library import Library
from wherefrom.index.ranking.question_limits import check_question
from wherefrom.index.types import Answer, AskOptions
from wherefrom.service.errors import Overloaded
from wherefrom.service.observability.metrics import Metrics
from wherefrom.service.runtime.asked import Asked, settle, tell

TOGETHER = 8
"""Most questions encoded at once: from there on a question costs the same, and the first waits for the last."""
ENCODERS = len(os.sched_getaffinity(0)) + 1
"""Batches encoded at a time: one a core, and one that is ready when a core is free."""


class Asking:
    """Threads that answer the questions of an event loop."""

    def __init__(self, library: Library, *, threads: int, most_waiting: int, metrics: Metrics) -> None:
        self._library = library
        self._most_waiting = max(most_waiting, 1)  # one that is about to be taken
        self._metrics = metrics
        self._waiting: deque[Asked] = deque()
        self._changing = threading.Lock()
        self._idle: list[threading.Lock] = []
        """Of each thread that waits what is released to call it; the last one at work is called first, since what it
        works with is still in the processor's caches."""
        self._encoding = 0
        self._closed = False
        for number in range(threads):
            threading.Thread(target=self._work, name=f"wherefrom-ask-{number}", daemon=True).start()

    async def ask(self, question: str, options: AskOptions) -> Answer:
        """Wait for the answer; `took_ms` is all of the time since. Raise Overloaded, and what `Library.ask` raises."""
        check_question(question)
        if self.is_full():
            raise Overloaded
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        with self._changing:
            self._waiting.append(Asked(question=question, options=options, came=time.perf_counter(), done=done))
            self._wake()
        return await done

    def is_full(self) -> bool:
        """Whether as many questions wait as may."""
        return len(self._waiting) >= self._most_waiting

    def __len__(self) -> int:
        """How many questions wait."""
        return len(self._waiting)

    def close(self) -> None:
        """Let the threads end when nothing waits any more."""
        with self._changing:
            self._closed = True
            while self._idle:
                self._idle.pop().release()

    def _work(self) -> None:
        call = threading.Lock()
        call.acquire()
        while (batch := self._take(call)) is not None:
            try:
                encoded = self._encode(self._unknown(batch))
            finally:
                with self._changing:
                    self._encoding -= 1
                    self._wake()
            settle(self._library, encoded, self._answer)

    def _can_take(self) -> bool:
        """Whether something is to be done: with a batch at work, only a full one, for which there is a core."""
        if self._closed or not self._encoding:
            return self._closed or bool(self._waiting)
        return self._encoding < ENCODERS and len(self._waiting) >= TOGETHER

    def _wake(self) -> None:
        if self._can_take() and self._idle:
            self._idle.pop().release()

    def _take(self, call: threading.Lock) -> list[Asked] | None:
        """All that waits, up to a batch, but for what nobody waits for any more; null at the end."""
        taken = self._called(call)
        if not taken:
            return None
        now = time.perf_counter()
        for asked in taken:
            self._metrics.stage("wait", now - asked.came)
        return [asked for asked in taken if not asked.done.cancelled()]

    def _called(self, call: threading.Lock) -> list[Asked]:
        """Wait for a batch and take it; nothing at the end."""
        while True:
            with self._changing:
                if self._can_take():
                    taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), TOGETHER))]
                    self._encoding += bool(taken)
                    self._wake()
                    return taken
                self._idle.append(call)
            call.acquire()

    def _unknown(self, batch: Sequence[Asked]) -> Sequence[Asked]:
        """Those whose answers are not remembered; to the others they are told."""
        if not self._library.has_cached_answers:
            return batch
        return settle(
            self._library, batch, lambda searcher, asked: searcher.cached_answer(asked.question, asked.options)
        )

    def _encode(self, batch: Sequence[Asked]) -> list[Asked]:
        """Encode a batch; if that fails, each alone, so that only what cannot be encoded is refused."""
        if not batch:
            return []
        began = time.perf_counter()
        try:
            queries = self._library.encode([asked.question for asked in batch])
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            if len(batch) > 1:
                return [encoded for asked in batch for encoded in self._encode([asked])]
            tell([(batch[0], error)])
            return []
        self._metrics.encoded(len(batch))
        self._metrics.stage("encode", time.perf_counter() - began)
        for asked, query in zip(batch, queries, strict=True):
            asked.query = query
        return list(batch)

    def _answer(self, searcher: Searcher, asked: Asked) -> Answer | None:
        if asked.query is None or asked.done.cancelled():
            return None
        began = time.perf_counter()
        try:
            return searcher.answer(asked.question, asked.query, asked.options)
        finally:
            self._metrics.stage("work", time.perf_counter() - began)
