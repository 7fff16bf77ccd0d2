"""Wall-clock times of the stages of a search on each engine, with the same paragraphs and questions.

First every question is ranked completely, in order, with the caches that a service would have; then each search runs
alone.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import cast

import numpy as np

from wherefrom.eval.benchmarks.scale.measures import WARM_UP_QUESTIONS
from wherefrom.eval.benchmarks.scale.synthetic_corpus import QUESTIONS_FILE
from wherefrom.eval.measurement.engine_calls import watched_calls
from wherefrom.index.arrays import Matrix, Rows
from wherefrom.index.cluster.engine import ClusterEngine
from wherefrom.index.cluster.scope import ClusterScope
from wherefrom.index.engine import FirstStage, Scope, Term
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.ranker import rank
from wherefrom.index.search.first_stage import (
    DEPTH,
    SENTENCES_PER_PARAGRAPH,
    SnapshotScope,
    highest,
    nearest,
    nearest_by_sentence,
)
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.segments import base_store
from wherefrom.index.segments.segment_set import SegmentSet
from wherefrom.index.types import Filters

TOP_K = 10
STATE, BY_PARAGRAPH, BY_SENTENCE, BY_TERMS = "state", "by_paragraph", "by_sentence", "by_terms"
CANDIDATES, SECOND_STAGE, WHOLE = "candidates", "second_stage", "whole"
POSTGRES = "postgres"
Percentiles = tuple[float, float]
"""The 50th and the 99th percentile of times, in milliseconds."""
Place = tuple[str, int]
"""A document id and the number of a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnginePoint:
    """The times of the stages of one engine, by name, and the first TOP_K places that it ranks for each question.

    `statements` is the median number of statements that PostgreSQL executed for a question.
    """

    stages: Mapping[str, Percentiles]
    rankings: Sequence[Sequence[Place]]
    statements: float = 0.0


class TimedScope:
    """A scope that measures its first stage; `seconds` is the duration of the last one."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.seconds = 0.0

    def first_stage(self, vector: Matrix, terms: Sequence[Term], lesser: Sequence[Term] = ()) -> FirstStage:
        """Search, and record the duration."""
        started = perf_counter()
        stage = self._scope.first_stage(vector, terms, lesser)
        self.seconds = perf_counter() - started
        return stage


def measure_embedded(data: Path, size: int) -> EnginePoint:
    """Measure the embedded engine on a base that `build_base` made."""
    made = json.loads((data / f"{size}" / "build.json").read_text())
    base = base_store.load(data / f"{size}", made["manifest"])
    assert base is not None  # noqa: S101 - `build_base` has made it
    snapshot = Snapshot.of(SegmentSet.of_base(base.segment), made["manifest"])
    scope, among = SnapshotScope(snapshot=snapshot), snapshot.searchable
    times: dict[str, list[float]] = defaultdict(list)
    rankings = []
    for number, query in enumerate(_queries(data)):
        started = perf_counter()
        timed = TimedScope(scope)
        ranking = rank(cast("Scope", timed), query)
        seconds = perf_counter() - started
        rows = ranking.rows[:TOP_K].tolist()
        rankings.append([(snapshot.document_id(row), snapshot.number(row)) for row in rows])
        if number < WARM_UP_QUESTIONS:
            continue
        times[WHOLE].append(seconds)
        times[SECOND_STAGE].append(seconds - timed.seconds)
    sentences = DEPTH * SENTENCES_PER_PARAGRAPH
    for query in _queries(data)[WARM_UP_QUESTIONS:]:
        found = scope.candidates(query.vector, snapshot.bm25.scores(query.terms)).rows
        _time_alone(BY_PARAGRAPH, partial(nearest, snapshot, query.vector, DEPTH, among), times)
        _time_alone(BY_SENTENCE, partial(nearest_by_sentence, snapshot, query.vector, sentences, among), times)
        _time_alone(BY_TERMS, partial(_highest, snapshot, query), times)
        _time_alone(CANDIDATES, partial(_gathered, snapshot, found, query), times)
    return EnginePoint(stages=_percentiles(times), rankings=rankings)


def measure_cluster(engine: ClusterEngine, data: Path, *, has_terms: bool = True) -> EnginePoint:
    """Measure the cluster engine, which has the paragraphs; `has_terms` says whether Milvus has term weights."""
    times: dict[str, list[float]] = defaultdict(list)
    rankings, statements = [], []
    with watched_calls() as calls:
        for number, query in enumerate(_queries(data)):
            calls.take()
            started = perf_counter()
            with engine.state() as state:
                held = perf_counter() - started
                timed = TimedScope(state.scope(Filters()))
                ranking = rank(cast("Scope", timed), query)
                seconds = perf_counter() - started
                milvus, postgres = calls.take()
                rows = ranking.rows[:TOP_K].tolist()
                rankings.append([(state.document_id(row), state.paragraph_number(row)) for row in rows])
            if number < WARM_UP_QUESTIONS:
                continue
            times[STATE].append(held)
            times[CANDIDATES].append(timed.seconds - milvus.seconds)
            times[SECOND_STAGE].append(seconds - held - timed.seconds)
            times[WHOLE].append(seconds)
            times[POSTGRES].append(postgres.seconds)
            statements.append(postgres.number)
        for query in _queries(data)[WARM_UP_QUESTIONS:]:
            with engine.state() as state:
                scope = cast("ClusterScope", state.scope(Filters()))
                searches = scope.search.searches(query.vector, query.terms, ())
                for name, search in zip((BY_PARAGRAPH, BY_SENTENCE, BY_TERMS), searches, strict=False):
                    if name != BY_TERMS or has_terms:
                        _time_alone(name, partial(search.run, search.limit), times)
    return EnginePoint(
        stages=_percentiles(times), rankings=rankings, statements=float(np.median(statements)) if statements else 0.0
    )


def _queries(data: Path) -> list[Query]:
    queries: list[Query] = np.load(data / QUESTIONS_FILE, allow_pickle=True).tolist()
    return queries


def _highest(snapshot: Snapshot, query: Query) -> Rows:
    return highest(snapshot, snapshot.bm25.scores(query.terms), DEPTH, snapshot.searchable.rows)


def _gathered(snapshot: Snapshot, rows: Rows, query: Query) -> object:
    return snapshot.candidates(rows).cosines(query.vector)


def _time_alone(name: str, stage: Callable[[], object], times: dict[str, list[float]]) -> None:
    started = perf_counter()
    stage()
    times[name].append(perf_counter() - started)


def _percentiles(times: Mapping[str, Sequence[float]]) -> Mapping[str, Percentiles]:
    """Return the percentiles in milliseconds."""
    return {
        name: (float(np.percentile(each, 50)) * 1000, float(np.percentile(each, 99)) * 1000)
        for name, each in times.items()
    }
