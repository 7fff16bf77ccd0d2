"""Prometheus metrics, counted in this process and served at `/metrics`; each application has its own registry."""

from collections.abc import Mapping
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from wherefrom.index.types import Answer, IndexInfo

DURATION_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
BATCH_SIZE_BUCKETS = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """Counters, gauges and histograms; a call costs one or two microseconds."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "wherefrom_requests",
            "Requests by route, method and status.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._request_seconds = Histogram(
            "wherefrom_request_seconds",
            "Time to the end of the response.",
            ("route",),
            buckets=DURATION_BUCKETS,
            registry=registry,
        )
        self._problems = Counter("wherefrom_problems", "Errors by problem type.", ("type",), registry=registry)
        self._stages = Histogram(
            "wherefrom_stage_seconds",
            "Time in each stage of a request.",
            ("stage",),
            buckets=DURATION_BUCKETS,
            registry=registry,
        )
        self._answers = Counter(
            "wherefrom_answers",
            "Answers by outcome: answered, or why there is no answer.",
            ("outcome",),
            registry=registry,
        )
        self._changes = Counter("wherefrom_changes", "Changes to documents.", ("change",), registry=registry)
        self._encodes = Histogram(
            "wherefrom_encode_batch_size", "Questions encoded together.", buckets=BATCH_SIZE_BUCKETS, registry=registry
        )
        self._waiting = Gauge("wherefrom_waiting", "Requests that wait.", ("queue",), registry=registry)
        # Looking up a child by its labels takes as long as counting, so the children are cached.
        self._request_counter = cache(self._requests.labels)
        self._request_timer = cache(self._request_seconds.labels)
        self._stage_timer = cache(self._stages.labels)
        self._answer_counter = cache(self._answers.labels)
        self._documents = Gauge("wherefrom_documents", "Documents in the index.", registry=registry)
        self._passages = Gauge("wherefrom_passages", "Passages in the index.", registry=registry)

    def request(self, route: str, method: str, status: int, seconds: float, problem: str | None) -> None:
        """Count one request that has been answered."""
        self._request_counter(route, method, status).inc()
        self._request_timer(route).observe(seconds)
        if problem:
            self._problems.labels(problem).inc()

    def stage(self, name: str, seconds: float) -> None:
        """Record how long one stage of a request took."""
        self._stage_timer(name).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Count an answer by its status, or by the reason for which there is none."""
        self._answer_counter(answer.no_answer_reason or answer.status).inc()

    def changed(self, change: str) -> None:
        """Count a change to a document: added, updated, unchanged, deleted or refused."""
        self._changes.labels(change).inc()

    def encoded(self, questions: int) -> None:
        """Record how many questions were encoded together."""
        self._encodes.observe(questions)

    def exposition(self, info: IndexInfo, waiting: Mapping[str, int]) -> bytes:
        """Return all metrics in Prometheus's text format; `waiting` has the length of each queue."""
        self._documents.set(info.documents)
        self._passages.set(info.passages)
        for queue, length in waiting.items():
            self._waiting.labels(queue).set(length)
        return generate_latest(self._registry)
