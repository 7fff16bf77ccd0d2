"""Dynamic batching: worker threads encode waiting questions together, then answer them.

A question that arrives while nothing is being encoded is taken at once, so no question ever waits for later ones.
Questions that arrive during an encoding are taken in order of arrival, when it is done or as soon as they fill a batch.
A request with more questions than BATCH_SIZE is taken alone, and no other request waits for its encoding.
"""

import asyncio
import dataclasses
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from wherefrom.index.answering.searcher import Searcher
from wherefrom.index.cores import available_cores
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.question_limits import check_question
from wherefrom.index.types import Answer, AskOptions
from wherefrom.service.errors import Overloaded
from wherefrom.service.observability.metrics import Metrics

BATCH_SIZE = 8
"""Maximum number of questions encoded together: larger batches are no cheaper per question, and wait longer."""
MAX_ENCODING = available_cores() + 1
"""Maximum number of batches encoded at the same time: one per core, and one that is ready when a core is free."""
DELIVERY_SECONDS = 0.005
"""Time for which results are collected before they are handed to the event loop: waking the loop costs a twentieth of
the time of an answer."""


@dataclasses.dataclass(slots=True, kw_only=True, eq=False)
class PendingRequest:
    """A request that waits for the answers to its questions, all of which come from one state of the collection.

    `arrived_at` is a time of `time.perf_counter`. With `fresh`, cached answers are not used. `queries` are the encoded
    questions, `None` until they are encoded.
    """

    questions: Sequence[str]
    options: AskOptions
    arrived_at: float
    future: asyncio.Future[Sequence[Answer]]
    fresh: bool = False
    queries: Sequence[Query] | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Requests that are encoded together; `oversized` if it is a single one with more than BATCH_SIZE questions."""

    requests: Sequence[PendingRequest]
    oversized: bool


Outcome = Sequence[Answer] | Exception
AnswerFunction = Callable[[Searcher, PendingRequest], Sequence[Answer] | None]


class QuestionBatcher:
    """Worker threads that answer the questions of one event loop."""

    def __init__(self, library: Library, *, threads: int, max_waiting: int, metrics: Metrics) -> None:
        """Start `threads` workers. At most `max_waiting` requests may wait, and always one, to be taken at once."""
        self._library = library
        self._max_waiting = max(max_waiting, 1)
        self._metrics = metrics
        self._waiting: deque[PendingRequest] = deque()
        self._waiting_questions = 0
        self._encoding = 0
        self._closed = False
        self._changed = threading.Condition()
        for number in range(threads):
            threading.Thread(target=self._work, name=f"wherefrom-ask-{number}", daemon=True).start()

    async def ask(self, questions: Sequence[str], options: AskOptions, *, fresh: bool = False) -> Sequence[Answer]:
        """Return the answers to the questions of one request, in order, from one state of the collection.

        `took_ms` counts from this call. Raise Overloaded, and what `Library.answer` raises for any of the questions.
        """
        for question in questions:
            check_question(question)
        if self.is_full():
            raise Overloaded
        future: asyncio.Future[Sequence[Answer]] = asyncio.get_running_loop().create_future()
        request = PendingRequest(
            questions=questions, options=options, arrived_at=time.perf_counter(), future=future, fresh=fresh
        )
        with self._changed:
            self._waiting.append(request)
            self._waiting_questions += len(questions)
            self._wake_one()
        return await future

    def is_full(self) -> bool:
        """Return whether no further request may wait."""
        return len(self._waiting) >= self._max_waiting

    def __len__(self) -> int:
        """Return the number of requests that wait."""
        return len(self._waiting)

    def close(self) -> None:
        """Let the workers end when no request waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        while (batch := self._take()) is not None:
            try:
                encoded = self._encode(self._deliver_cached(batch.requests))
            finally:
                with self._changed:
                    self._encoding -= not batch.oversized
                    self._wake_one()
            deliver_answers(self._library, encoded, self._answer)

    def _can_take(self) -> bool:
        """Return whether a worker can take a batch, which must be full while another one is being encoded."""
        if self._closed or not self._encoding:
            return self._closed or bool(self._waiting)
        return self._encoding < MAX_ENCODING and self._waiting_questions >= BATCH_SIZE

    def _wake_one(self) -> None:
        if self._can_take():
            self._changed.notify()

    def _take(self) -> Batch | None:
        """Wait for requests and take a batch, without cancelled ones; return `None` when closed and nothing waits."""
        with self._changed:
            self._changed.wait_for(self._can_take)
            if not self._waiting:
                return None
            batch = self._pop_batch()
            self._encoding += not batch.oversized
            self._wake_one()
        now = time.perf_counter()
        for request in batch.requests:
            self._metrics.stage("wait", now - request.arrived_at)
        waiting = [request for request in batch.requests if not request.future.cancelled()]
        return dataclasses.replace(batch, requests=waiting)

    def _pop_batch(self) -> Batch:
        """Remove and return the first request, and those after it that fit into a batch with it."""
        requests: list[PendingRequest] = []
        size = 0
        while self._waiting and (not requests or size + len(self._waiting[0].questions) <= BATCH_SIZE):
            request = self._waiting.popleft()
            requests.append(request)
            size += len(request.questions)
        self._waiting_questions -= size
        return Batch(requests=requests, oversized=size > BATCH_SIZE)

    def _deliver_cached(self, batch: Sequence[PendingRequest]) -> Sequence[PendingRequest]:
        """Deliver the requests whose answers are all cached, and return the others."""
        uncached = deliver_answers(self._library, batch, _cached_answers) if self._library.has_cached_answers else batch
        misses = _count_questions(uncached)
        self._metrics.looked_up(_count_questions(batch) - misses, misses)
        return uncached

    def _encode(self, batch: Sequence[PendingRequest]) -> list[PendingRequest]:
        """Encode a batch; if that fails, encode each request alone, so that only the faulty request fails."""
        if not batch:
            return []
        started = time.perf_counter()
        questions = [question for request in batch for question in request.questions]
        contexts = [request.options.context for request in batch for _ in request.questions]
        try:
            queries = iter(self._library.encode(questions, contexts))
        except Exception as error:  # noqa: BLE001 - delivered to the caller
            if len(batch) > 1:
                return [encoded for request in batch for encoded in self._encode([request])]
            deliver([(batch[0], error)])
            return []
        self._metrics.encoded(len(questions))
        self._metrics.stage("encode", time.perf_counter() - started)
        for request in batch:
            request.queries = [next(queries) for _ in request.questions]
        return list(batch)

    def _answer(self, searcher: Searcher, request: PendingRequest) -> Sequence[Answer] | None:
        if request.queries is None:
            return None
        answers: list[Answer] = []
        for question, query in zip(request.questions, request.queries, strict=True):
            if request.future.cancelled():
                return None
            started = time.perf_counter()
            try:
                answers.append(searcher.answer(question, query, request.options))
            finally:
                self._metrics.stage("work", time.perf_counter() - started)
        return answers


def _count_questions(requests: Sequence[PendingRequest]) -> int:
    """Return the number of questions that may be answered from the cache."""
    return sum(len(request.questions) for request in requests if not request.fresh)


def _cached_answers(searcher: Searcher, request: PendingRequest) -> Sequence[Answer] | None:
    if request.fresh:
        return None
    answers = [searcher.cached_answer(question, request.options) for question in request.questions]
    cached = [answer for answer in answers if answer is not None]
    return cached if len(cached) == len(answers) else None


def deliver_answers(
    library: Library, batch: Sequence[PendingRequest], answer_request: AnswerFunction
) -> Sequence[PendingRequest]:
    """Answer each request at the current state of the collection and hand the results to the event loop.

    Return the requests for which `answer_request` returns `None`. An exception is the result of its request alone.
    """
    unanswered: list[PendingRequest] = []
    results: list[tuple[PendingRequest, Outcome]] = []
    last_delivery = time.perf_counter()
    if not batch:
        return unanswered
    try:
        with library.searcher() as searcher:
            for request in batch:
                outcome = _outcome(answer_request, searcher, request)
                if outcome is None:
                    unanswered.append(request)
                else:
                    results.append((request, outcome))
                if time.perf_counter() - last_delivery > DELIVERY_SECONDS:
                    deliver(results)
                    results, last_delivery = [], time.perf_counter()
    except Exception as error:  # noqa: BLE001 - delivered to every caller that has no result yet
        results += [(request, error) for request in batch]
        unanswered = []
    deliver(results)
    return unanswered


def _outcome(answer_request: AnswerFunction, searcher: Searcher, request: PendingRequest) -> Outcome | None:
    try:
        answers = answer_request(searcher, request)
    except Exception as error:  # noqa: BLE001 - delivered to the caller
        return error
    if answers is None:
        return None
    took_ms = (time.perf_counter() - request.arrived_at) * 1000
    return [dataclasses.replace(answer, took_ms=took_ms) for answer in answers]


def deliver(results: Sequence[tuple[PendingRequest, Outcome]]) -> None:
    """Hand results to the event loop, from any thread and without waiting for it."""
    if results:
        with suppress(RuntimeError):  # the loop has been closed meanwhile
            results[0][0].future.get_loop().call_soon_threadsafe(_resolve_futures, results)


def _resolve_futures(results: Sequence[tuple[PendingRequest, Outcome]]) -> None:
    for request, outcome in results:
        if request.future.done():  # cancelled, or resolved before
            continue
        if isinstance(outcome, Exception):
            request.future.set_exception(outcome)
        else:
            request.future.set_result(outcome)
