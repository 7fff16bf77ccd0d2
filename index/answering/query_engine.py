"""Answers questions: encodes them, holds a state of the collection, and searches it."""

import time
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from wherefrom.index.answering.citation_cache import CitationCache
from wherefrom.index.answering.passages import ScoredPassage
from wherefrom.index.answering.searcher import NO_FILTERS, Searcher
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.conversation import Context
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity
from wherefrom.index.engine import Engine
from wherefrom.index.ranking.cross_encoder import Reranker
from wherefrom.index.ranking.query import Query, encode, encode_parsed
from wherefrom.index.ranking.question_limits import check_limits, check_question
from wherefrom.index.ranking.question_syntax import parse_question
from wherefrom.index.ranking.ranker import Order
from wherefrom.index.reading.lazy_reader import NO_READER, LazyReader
from wherefrom.index.scoring.calibration import Calibration
from wherefrom.index.types import EFFORTS, Answer, AskOptions, Effort, Filters, Hit

MAX_RANKED_LENGTH = 1_000_000
"""Maximum length of a text that `QueryEngine.rank` accepts: the questions of a benchmark may be whole documents."""


class QueryEngine:
    """Answers questions from an engine's current state. Thread-safe."""

    def __init__(
        self,
        engine: Engine,
        embedder: Embedder,
        *,
        threshold: float | None = None,
        cached_answers: int = 0,
        reranker: Reranker | None = None,
        reader: LazyReader = NO_READER,
    ) -> None:
        """Create a query engine; `threshold` replaces the calibrated one, and up to `cached_answers` are cached.

        With a `reranker`, the reader is not used.
        """
        self._engine = engine
        self._embedder = embedder
        self._reranker = reranker
        self._reader = reader
        shipped = map(Calibration.load, EFFORTS)
        self._calibrations: Mapping[Effort, Calibration] = {
            each.effort: each if threshold is None else replace(each, threshold=threshold) for each in shipped
        }
        self._citations = CitationCache()
        self._answers: BoundedCache[Hashable, Answer] = BoundedCache(cached_answers)

    @property
    def model(self) -> ModelIdentity:
        """The model that encodes questions."""
        return self._embedder.identity

    @property
    def reader(self) -> LazyReader:
        """The reader, also where questions are answered without it."""
        return self._reader

    @property
    def has_cached_answers(self) -> bool:
        """Whether any answer is cached."""
        return bool(self._answers)

    @property
    def cached_answers(self) -> int:
        """The number of cached answers."""
        return len(self._answers)

    def answer(self, question: str, options: AskOptions) -> Answer:
        """Answer a question from the current state. Raises InvalidQuestion, UnknownFilterValue."""
        started = time.perf_counter()
        check_limits(options)
        (query,) = self.encode([question], [options.context])
        with self.searcher() as searcher:
            answer = searcher.answer(question, query, options)
        return replace(answer, took_ms=(time.perf_counter() - started) * 1000)

    def encode(self, questions: Sequence[str], contexts: Sequence[Context | None] = ()) -> list[Query]:
        """Encode questions together for `Searcher.answer`; each as if it were alone. Raises InvalidQuestion.

        `contexts` has the context of each question, or is empty if none has one.
        """
        parsed = [parse_question(check_question(question)) for question in questions]
        queries = encode_parsed(parsed, self._embedder)
        if not any(contexts):
            return queries
        from wherefrom.index.ranking.follow_ups import take  # noqa: PLC0415 - most questions have no context

        return [
            query if context is None else query.in_context(take(query.question, context))
            for query, context in zip(queries, contexts, strict=True)
        ]

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """Hold the current state, to answer several questions from it."""
        with self._engine.state() as state:
            yield Searcher(
                state=state,
                citations=self._citations,
                calibrations=self._calibrations,
                reranker=self._reranker,
                reader=self._reader,
                answers=self._answers,
            )

    def rank(self, question: str, *, top_k: int, order: Order = "fused", effort: Effort | None = None) -> Sequence[Hit]:
        """Return the ranking for a question, which may be a long text; `lexical` and `dense` are baselines."""
        query = encode(check_question(question, max_length=MAX_RANKED_LENGTH), self._embedder)
        with self.searcher() as searcher:
            return searcher.rank(query, top_k=top_k, order=order, effort=effort)

    def score_passages(
        self, question: str, *, top_k: int = 1, filters: Filters = NO_FILTERS, effort: Effort | None = None
    ) -> tuple[ScoredPassage, ...]:
        """Return the first passages with the features that confidence is calibrated on."""
        query = encode(check_question(question), self._embedder)
        with self.searcher() as searcher:
            return searcher.score_passages(query, top_k=top_k, filters=filters, effort=effort)
