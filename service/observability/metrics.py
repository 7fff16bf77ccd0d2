"""Prometheus metrics, counted per process and served at `/metrics`; each application has its own registry."""

from collections.abc import Mapping
from functools import cache
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from wherefrom.index.engine import Change
from wherefrom.index.types import Answer, CollectionStatus, NoAnswerReason
from wherefrom.index.writing.written_answer import WrittenAnswer, WrittenStatus
from wherefrom.service.error_mapping import PROBLEM_TYPES
from wherefrom.service.observability.refusals import ALL_REASONS, reason_of

DURATION_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
BATCH_SIZE_BUCKETS = (1, 2, 4, 8, 16, 32, 64)


STORED = "stored"
CANCELLED = "cancelled"
"""The outcome of a change whose client disconnected before its end."""
OUTCOMES = ("answered", *get_args(NoAnswerReason))
CHANGES = (*get_args(Change), "deleted", "refused")


class Metrics:
    """Counters, gauges and histograms; a call takes one or two microseconds."""

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
        self._written_answers = Counter(
            "wherefrom_written_answers",
            "Written answers by status: written, or verbatim if what was written does not count.",
            ("status",),
            registry=registry,
        )
        self._written_sentences = Counter(
            "wherefrom_written_sentences",
            "Written sentences by the result of their check: shown, or rejected.",
            ("result",),
            registry=registry,
        )
        self._changes = Counter("wherefrom_changes", "Changes to documents.", ("change",), registry=registry)
        self._encodes = Histogram(
            "wherefrom_encode_batch_size", "Questions encoded together.", buckets=BATCH_SIZE_BUCKETS, registry=registry
        )
        self._writes = Counter(
            "wherefrom_writes",
            "Changes by outcome: stored, or the type of the error.",
            ("outcome",),
            registry=registry,
        )
        self._write_seconds = Histogram(
            "wherefrom_write_seconds",
            "Time of a change from its turn to the end, by outcome: stored, or the type of the error.",
            ("outcome",),
            buckets=DURATION_BUCKETS,
            registry=registry,
        )
        self._lock_waits = Histogram(
            "wherefrom_lock_wait_seconds",
            "Time for which a change waited: for other changes of this process, for those of other processes.",
            ("lock",),
            buckets=DURATION_BUCKETS,
            registry=registry,
        )
        self._refusals = Counter("wherefrom_refusals", "Refused requests by reason.", ("reason",), registry=registry)
        self._cache_lookups = Counter(
            "wherefrom_answer_cache_lookups",
            "Questions by whether their answer was cached: hit or miss.",
            ("result",),
            registry=registry,
        )
        self._cached_answers = Gauge("wherefrom_answer_cache_size", "Cached answers.", registry=registry)
        self._lag_revisions = Gauge(
            "wherefrom_snapshot_lag_revisions",
            "Changes in the catalog that are not in the state that questions are answered from.",
            registry=registry,
        )
        self._lag_seconds = Gauge(
            "wherefrom_snapshot_lag_seconds", "Time since these changes were noticed.", registry=registry
        )
        slugs = [problem_type.slug for problem_type in PROBLEM_TYPES.values()]
        for counter, values in (
            (self._refusals, ALL_REASONS),
            (self._problems, slugs),
            (self._writes, [STORED, *slugs]),
            (self._answers, OUTCOMES),
            (self._written_answers, get_args(WrittenStatus)),
            (self._written_sentences, ("shown", "rejected")),
            (self._changes, CHANGES),
        ):
            for value in values:  # at 0 from the start, so that the first one is an increase
                counter.labels(value)
        self._hits, self._misses = (self._cache_lookups.labels(result) for result in ("hit", "miss"))
        self._waiting = Gauge("wherefrom_waiting", "Requests that wait.", ("queue",), registry=registry)
        # Looking up a child by its labels takes as long as counting, so the children are cached.
        self._request_counter = cache(self._requests.labels)
        self._request_timer = cache(self._request_seconds.labels)
        self._stage_timer = cache(self._stages.labels)
        self._answer_counter = cache(self._answers.labels)
        self._documents = Gauge("wherefrom_documents", "Documents in the index.", registry=registry)
        self._passages = Gauge("wherefrom_passages", "Passages in the index.", registry=registry)

    def request(
        self,
        route: str,
        method: str,
        status: int,
        seconds: float,
        problem: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Count an answered request and its time; with a `problem` type, also that and the `reason` of the refusal."""
        self._request_counter(route, method, status).inc()
        self._request_timer(route).observe(seconds)
        if problem:
            self.refused(problem, reason)

    def refused(self, problem: str, reason: str | None = None) -> None:
        """Count a problem by its type, and as a refusal by `reason`, by default that of the type, if it has one."""
        self._problems.labels(problem).inc()
        reason = reason or reason_of(problem)
        if reason:
            self._refusals.labels(reason).inc()

    def wrote(self, outcome: str, seconds: float) -> None:
        """Record the duration of a change and its outcome: STORED, CANCELLED, or a problem type."""
        self._writes.labels(outcome).inc()
        self._write_seconds.labels(outcome).observe(seconds)

    def lock_waited(self, lock: str, seconds: float) -> None:
        """Record the wait of a change: `turn` for others of this process, `data_folder` for other processes."""
        self._lock_waits.labels(lock).observe(seconds)

    def looked_up(self, hits: int, misses: int) -> None:
        """Count questions whose answers were cached, and those that were not."""
        if hits:
            self._hits.inc(hits)
        if misses:
            self._misses.inc(misses)

    def stage(self, name: str, seconds: float) -> None:
        """Record the duration of one stage of a request."""
        self._stage_timer(name).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Count an answer by its status, or by the reason why there is none."""
        self._answer_counter(answer.no_answer_reason or answer.status).inc()

    def wrote_answer(self, written: WrittenAnswer) -> None:
        """Count a written answer and its sentences."""
        self._written_answers.labels(written.status).inc()
        self._written_sentences.labels("shown").inc(len(written.sentences))
        self._written_sentences.labels("rejected").inc(written.rejected)

    def changed(self, change: str) -> None:
        """Count a change to a document: added, updated, unchanged, deleted or refused."""
        self._changes.labels(change).inc()

    def encoded(self, questions: int) -> None:
        """Record the number of questions that were encoded together."""
        self._encodes.observe(questions)

    def exposition(self, status: CollectionStatus, waiting: Mapping[str, int], cached_answers: int) -> bytes:
        """Return all metrics in Prometheus's text format; `waiting` has the length of each queue."""
        self._documents.set(status.documents)
        self._passages.set(status.passages)
        self._lag_revisions.set(status.revisions_behind)
        self._lag_seconds.set(status.seconds_behind)
        self._cached_answers.set(cached_answers)
        for queue, length in waiting.items():
            self._waiting.labels(queue).set(length)
        return generate_latest(self._registry)
