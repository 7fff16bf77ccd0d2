"""An asynchronous interface to the library: its calls compute and read files, so they run in worker threads."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, Lock, fail_after, to_thread

from wherefrom.index.embedding.paragraph_vectors import PORTION_CHARACTERS
from wherefrom.index.engine import Item, ItemVectors
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, AskOptions, Document, Precondition, RawSource
from wherefrom.service.error_mapping import problem_type_of
from wherefrom.service.errors import Overloaded, TookTooLong
from wherefrom.service.observability.metrics import CANCELLED, STORED, Metrics
from wherefrom.service.runtime.batching import QuestionBatcher

if TYPE_CHECKING:
    from wherefrom.index.writing.answer_writer import AnswerWriter

MAX_EXTRACTIONS = 2
"""Maximum number of documents that are extracted at the same time."""
T = TypeVar("T")
Extract = Callable[[RawSource], Document]


class AsyncLibrary:
    """A library whose calls are awaited: at most `threads` calls run at the same time, and one change.

    At most `max_waiting` calls of each kind may wait; `timeout_seconds` limits the duration of a call. `extract`
    extracts a source; by default this happens in this process, without limits. `writer` writes answers in sentences;
    `None` for a service without a writer.
    """

    def __init__(
        self,
        library: Library,
        *,
        threads: int,
        max_waiting: int = 256,
        timeout_seconds: float = 30,
        metrics: Metrics | None = None,
        extract: Extract | None = None,
        writer: "AnswerWriter | None" = None,
    ) -> None:
        self._library = library
        self.writer = writer
        self._extract = extract or _extract_here
        self._call_limiter = CapacityLimiter(threads)
        self._change_limiter = CapacityLimiter(1)
        self._extraction_limiter = CapacityLimiter(MAX_EXTRACTIONS)
        self._extraction_threads = CapacityLimiter(MAX_EXTRACTIONS)
        self._long_embedding, self._short_embedding = CapacityLimiter(1), CapacityLimiter(1)
        self._embedding_threads = CapacityLimiter(2)
        self._change_lock = Lock()
        self._max_waiting = max_waiting
        self._timeout_seconds = timeout_seconds
        self.metrics = metrics or Metrics()
        library.observe_lock_waits(partial(self.metrics.lock_waited, "data_folder"))
        self._batcher = QuestionBatcher(library, threads=threads, max_waiting=max_waiting, metrics=self.metrics)

    def close(self) -> None:
        """Stop the batching threads when all waiting questions are answered."""
        self._batcher.close()

    async def ask(self, question: str, options: AskOptions) -> Answer:
        """Answer a question, encoded in a batch with other waiting ones. Raise Overloaded, TookTooLong."""
        (answer,) = await self.ask_all([question], options)
        return answer

    async def ask_all(self, questions: Sequence[str], options: AskOptions) -> Sequence[Answer]:
        """Answer the questions of one request, in order, from one state of the collection; an error fails them all.

        Raise Overloaded, TookTooLong, and what `Library.answer` raises.
        """
        answers = await self._ask(questions, options)
        for answer in answers:
            self.metrics.answered(answer)
        return answers

    async def try_all(self, questions: Sequence[str], options: AskOptions) -> Sequence[Answer]:
        """Answer as `ask_all` does, without counting the answers in the metrics, since no user asked."""
        return await self._ask(questions, options)

    async def probe(self, question: str, options: AskOptions) -> None:
        """Answer as `ask` does, without cached answers and without counting the answer in the metrics."""
        await self._ask([question], options, fresh=True)

    async def run(self, call: Callable[[Library], T]) -> T:
        """Return `call(library)`, computed in a worker thread. Raise Overloaded, TookTooLong."""
        self.check_capacity()
        try:
            with fail_after(self._timeout_seconds):
                return await self._run_in_thread(call, self._call_limiter)
        except TimeoutError:
            raise TookTooLong(f"the answer took over {self._timeout_seconds:g} s") from None

    async def change(self, call: Callable[[Library], T]) -> T:
        """Return `call(library)` for a call that writes; changes run one at a time, beside the threads of `run`.

        Only the wait for earlier changes is limited (Overloaded). A change that has begun has no time limit, since
        after a timeout the client would not know whether the change was made.
        """
        if self._change_lock.locked() and self.waiting()["changes"] >= self._max_waiting:
            raise Overloaded
        arrived_at = time.perf_counter()
        try:
            with fail_after(self._timeout_seconds):
                await self._change_lock.acquire()
        except TimeoutError:
            raise Overloaded from None
        finally:
            self.metrics.lock_waited("turn", time.perf_counter() - arrived_at)
        started = time.perf_counter()
        outcome = CANCELLED
        try:
            result = await self._run_in_thread(call, self._change_limiter)
        except Exception as error:
            outcome = problem_type_of(error).slug
            raise
        else:
            outcome = STORED
            return result
        finally:
            self._change_lock.release()
            self.metrics.wrote(outcome, time.perf_counter() - started)

    async def extract(self, work: Callable[[Extract], T]) -> T:
        """Return `work(extract)`, which extracts one document, before its change begins.

        At most MAX_EXTRACTIONS run at a time; the wait is limited (Overloaded), and each extraction has its own limits.
        """
        async with self._turn(self._extraction_limiter):
            return await to_thread.run_sync(
                work, self._extract, limiter=self._extraction_threads, abandon_on_cancel=True
            )

    async def embed(self, items: Sequence[Item], *, precondition: Precondition | None = None) -> Sequence[ItemVectors]:
        """Return the vectors of documents, before their change begins; see `Library.embed`.

        One long and one short embedding run at a time, so that short documents never wait for a long one. The wait is
        limited (Overloaded).
        """
        characters = sum(len(paragraph.text) for _, document in items for paragraph in document.paragraphs)
        turn = self._long_embedding if characters > PORTION_CHARACTERS else self._short_embedding
        async with self._turn(turn):
            return await self._run_in_thread(
                lambda library: library.embed(items, precondition=precondition), self._embedding_threads
            )

    @asynccontextmanager
    async def _turn(self, limiter: CapacityLimiter) -> AsyncIterator[None]:
        """Hold a token of a limiter. Raise Overloaded if too many calls wait, or no token is free in time."""
        self._check_limiter(limiter)
        try:
            with fail_after(self._timeout_seconds):
                await limiter.acquire_on_behalf_of(holder := object())
        except TimeoutError:
            raise Overloaded from None
        try:
            yield
        finally:
            limiter.release_on_behalf_of(holder)

    def waiting(self) -> Mapping[str, int]:
        """Return the number of requests that wait, by queue: `questions` and `changes`."""
        return {
            "questions": self._call_limiter.statistics().tasks_waiting + len(self._batcher),
            "changes": self._change_lock.statistics().tasks_waiting,
        }

    def check_capacity(self) -> None:
        """Raise Overloaded if no further question may wait."""
        if self._batcher.is_full():
            raise Overloaded
        self._check_limiter(self._call_limiter)

    def _check_limiter(self, limiter: CapacityLimiter) -> None:
        if not limiter.available_tokens and limiter.statistics().tasks_waiting >= self._max_waiting:
            raise Overloaded

    async def _ask(self, questions: Sequence[str], options: AskOptions, *, fresh: bool = False) -> Sequence[Answer]:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._batcher.ask(questions, options, fresh=fresh)
        except TimeoutError:
            raise TookTooLong(f"the answer took over {self._timeout_seconds:g} s") from None

    async def _run_in_thread(self, call: Callable[[Library], T], limiter: CapacityLimiter) -> T:
        arrived_at = time.perf_counter()

        def timed_call() -> T:
            started = time.perf_counter()
            self.metrics.stage("wait", started - arrived_at)
            try:
                return call(self._library)
            finally:
                self.metrics.stage("work", time.perf_counter() - started)

        return await to_thread.run_sync(timed_call, limiter=limiter, abandon_on_cancel=True)


def _extract_here(source: RawSource) -> Document:
    from wherefrom.index.cleaning.extract import extract  # noqa: PLC0415 - most never extract

    return extract(source)
