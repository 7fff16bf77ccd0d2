"""Questions that wait together are encoded together: threads that take all that waits, encode it at once, and answer.

An encoder that is free takes a question as it comes, so that nothing is ever waited for. While it is at work questions
gather, first come, first served, and they are its next batch.
"""

import asyncio
import dataclasses
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from index.library import Library
from index.questions import check_question
from index.retrieval import Query
from index.types import Answer
from service.errors import Overloaded
from service.metrics import Metrics
from service.requests import Terms

TOGETHER = 32
"""Most questions encoded at once: from some eight on a question costs the same, and the first waits for the last."""


@dataclasses.dataclass(slots=True, kw_only=True, eq=False)
class Asked:
    """A question that waits for its answer since `came`."""

    question: str
    terms: Terms
    came: float
    done: asyncio.Future[Answer]

    def tell(self, outcome: Answer | Exception) -> None:
        """Give the event loop the answer, or what went wrong; any thread may."""
        with suppress(RuntimeError):  # the loop has ended meanwhile
            self.done.get_loop().call_soon_threadsafe(self._tell, outcome)

    def _tell(self, outcome: Answer | Exception) -> None:
        if self.done.done():  # whoever asked has gone
            return
        if isinstance(outcome, Exception):
            self.done.set_exception(outcome)
        else:
            self.done.set_result(outcome)


class Asking:
    """Threads that answer the questions of an event loop."""

    def __init__(self, library: Library, *, threads: int, most_waiting: int, metrics: Metrics) -> None:
        self._library = library
        self._most_waiting = max(most_waiting, 1)  # one that is about to be taken
        self._metrics = metrics
        self._waiting: deque[Asked] = deque()
        self._some = threading.Condition()
        self._encoding = threading.Lock()
        self._closed = False
        for number in range(threads):
            threading.Thread(target=self._work, name=f"wherefrom-ask-{number}", daemon=True).start()

    async def ask(self, question: str, terms: Terms) -> Answer:
        """Wait for the answer; `took_ms` is all of the time since. Raise Overloaded, and what `Library.ask` raises."""
        check_question(question)
        if self.is_full():
            raise Overloaded
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        with self._some:
            self._waiting.append(Asked(question=question, terms=terms, came=time.perf_counter(), done=done))
            self._some.notify()
        return await done

    def is_full(self) -> bool:
        """Whether as many questions wait as may."""
        return len(self._waiting) >= self._most_waiting

    def __len__(self) -> int:
        """How many questions wait."""
        return len(self._waiting)

    def close(self) -> None:
        """Let the threads end when nothing waits any more."""
        with self._some:
            self._closed = True
            self._some.notify_all()

    def _work(self) -> None:
        while True:
            with self._encoding:
                batch = self._take()
                if batch is None:
                    return
                queries = self._encode(batch)
            for asked, query in queries:
                self._answer(asked, query)

    def _take(self) -> list[Asked] | None:
        """All that waits, up to a batch, but for what is known already or nobody waits for; null at the end."""
        with self._some:
            self._some.wait_for(lambda: self._waiting or self._closed)
            if not self._waiting:
                return None
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), TOGETHER))]
        now = time.perf_counter()
        for asked in taken:
            self._metrics.stage("wait", now - asked.came)
        return [asked for asked in taken if not asked.done.cancelled() and not self._recalled(asked)]

    def _recalled(self, asked: Asked) -> bool:
        try:
            known = self._library.recall(asked.question, **asked.terms)
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            asked.tell(error)
            return True
        if known is not None:
            asked.tell(_timed(known, asked))
        return known is not None

    def _encode(self, batch: Sequence[Asked]) -> list[tuple[Asked, Query]]:
        """Encode a batch; if that fails, each alone, so that only what cannot be encoded is refused."""
        if not batch:
            return []
        began = time.perf_counter()
        try:
            queries = self._library.encode([asked.question for asked in batch])
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            if len(batch) > 1:
                return [pair for asked in batch for pair in self._encode([asked])]
            batch[0].tell(error)
            return []
        self._metrics.encoded(len(batch))
        self._metrics.stage("encode", time.perf_counter() - began)
        return list(zip(batch, queries, strict=True))

    def _answer(self, asked: Asked, query: Query) -> None:
        if asked.done.cancelled():
            return
        began = time.perf_counter()
        try:
            outcome: Answer | Exception = _timed(self._library.answer(asked.question, query, **asked.terms), asked)
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            outcome = error
        self._metrics.stage("work", time.perf_counter() - began)
        asked.tell(outcome)


def _timed(answer: Answer, asked: Asked) -> Answer:
    return dataclasses.replace(answer, took_ms=(time.perf_counter() - asked.came) * 1000)
