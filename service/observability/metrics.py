"""What Prometheus reads at `/metrics`, counted in this process; each application has its own."""

from collections.abc import Mapping
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from wherefrom.index.types import Answer, IndexInfo

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SIZES = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """Counters, gauges and histograms; each call costs a microsecond or two."""

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
            "Time to the end of a response.",
            ("route",),
            buckets=SECONDS,
            registry=registry,
        )
        self._problems = Counter("wherefrom_problems", "Errors by their type.", ("type",), registry=registry)
        self._stages = Histogram(
            "wherefrom_stage_seconds",
            "Time in each stage of a request.",
            ("stage",),
            buckets=SECONDS,
            registry=registry,
        )
        self._answers = Counter(
            "wherefrom_answers", "Answers: answered, or why there is no answer.", ("outcome",), registry=registry
        )
        self._changes = Counter("wherefrom_changes", "Changes to documents.", ("change",), registry=registry)
        self._encodes = Histogram(
            "wherefrom_encode_batch_size", "Questions encoded together.", buckets=SIZES, registry=registry
        )
        self._waiting = Gauge("wherefrom_waiting", "Requests that wait for their turn.", ("queue",), registry=registry)
        # Looking a child up by its labels takes as long as counting does.
        self._requests_of = cache(self._requests.labels)
        self._request_seconds_of = cache(self._request_seconds.labels)
        self._stage = cache(self._stages.labels)
        self._answers_of = cache(self._answers.labels)
        self._documents = Gauge("wherefrom_documents", "Documents in the index.", registry=registry)
        self._passages = Gauge("wherefrom_passages", "Passages in the index.", registry=registry)

    def request(self, route: str, method: str, status: int, seconds: float, problem: str | None) -> None:
        """Count one request that has been answered."""
        self._requests_of(route, method, status).inc()
        self._request_seconds_of(route).observe(seconds)
        if problem:
            self._problems.labels(problem).inc()

    def stage(self, name: str, seconds: float) -> None:
        """Note how long one stage of a request took."""
        self._stage(name).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Count an answer, or what there was in its place."""
        self._answers_of(answer.no_answer_reason or answer.status).inc()

    def changed(self, change: str) -> None:
        """Count what was done with a document: added, updated, unchanged, deleted, refused."""
        self._changes.labels(change).inc()

    def encoded(self, questions: int) -> None:
        """Count questions that were encoded together."""
        self._encodes.observe(questions)

    def exposition(self, info: IndexInfo, waiting: Mapping[str, int]) -> bytes:
        """Give everything in Prometheus's text form, with what the index holds and how many wait now."""
        self._documents.set(info.documents)
        self._passages.set(info.passages)
        for queue, number in waiting.items():
            self._waiting.labels(queue).set(number)
        return generate_latest(self._registry)
