"""A data folder opened to be asked: its documents, and the answers and rankings that they give."""

import dataclasses
import time
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Unpack

from wherefrom.index.answering.citation_cache import Quotations
from wherefrom.index.answering.passages import Examined, Pages, choose, copies_of, examine, fold_alike
from wherefrom.index.answering.searcher import State
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.collection import Collection
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.ranking import question_limits
from wherefrom.index.ranking.cross_encoder import Reranker
from wherefrom.index.ranking.query import Query, encode, encode_together
from wherefrom.index.ranking.ranker import Order, rank
from wherefrom.index.scoring.calibration import Calibration
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.search.snapshot_refresher import Refresher
from wherefrom.index.segments.base_store import Progress
from wherefrom.index.storage.catalog import Catalog
from wherefrom.index.types import Answer, AskKeywords, AskOptions, Hit, IndexInfo

LONGEST_RANKED = 1_000_000


class Answerer(Collection):
    """A collection that is asked, at the state that it has then. Many threads may ask at once."""

    def __init__(
        self,
        data: Path,
        embedder: Embedder,
        refresher: Refresher,
        *,
        threshold: float | None,
        remembered: int,
        reranker: Reranker | None,
    ) -> None:
        super().__init__(data)
        self._embedder = embedder
        self._reranker = reranker
        self._calibration = Calibration.load()
        self._threshold = self._calibration.threshold if threshold is None else threshold
        self._refresher = refresher
        self._quotations = Quotations()
        self._answers: BoundedCache[Hashable, Answer] = BoundedCache(remembered)

    def ask(self, question: str, **options: Unpack[AskKeywords]) -> Answer:
        """Answer a question; `answer` with its options as keyword arguments."""
        return self.answer(question, AskOptions(**options))

    def answer(self, question: str, options: AskOptions) -> Answer:
        """Answer a question from the collection as it is now. Raises InvalidQuestion, UnknownFilterValue."""
        started = time.perf_counter()
        question_limits.check_limits(options)
        (query,) = self.encode([question])
        with self.state() as state:
            told = state.answer(question, query, options)
        return dataclasses.replace(told, took_ms=(time.perf_counter() - started) * 1000)

    def encode(self, asked: Sequence[str]) -> list[Query]:
        """Read questions together, for `State.answer`; each as it would be read alone. Raises InvalidQuestion."""
        return encode_together([question_limits.check_question(question) for question in asked], self._embedder)

    @property
    def remembers(self) -> bool:
        """Whether any answer is remembered."""
        return bool(self._answers)

    @contextmanager
    def state(self) -> Iterator[State]:
        """The collection as it is now, to be asked several questions."""
        with self._read() as (catalog, snapshot):
            yield State(
                pages=Pages(snapshot=snapshot, catalog=catalog, quotations=self._quotations),
                calibration=self._calibration,
                threshold=self._threshold,
                reranker=self._reranker,
                answers=self._answers,
            )

    def rank(self, question: str, *, top_k: int, order: Order = "fused") -> Sequence[Hit]:
        """The ranking alone, for measuring; `lexical` and `dense` are the baselines. Questions may be whole texts."""
        asked = question_limits.check_question(question, most=LONGEST_RANKED)
        query = encode(asked, self._embedder)
        with self._read() as (catalog, snapshot):
            pages = Pages(snapshot=snapshot, catalog=catalog, quotations=self._quotations)
            folded = choose(fold_alike(rank(snapshot, query, order=order), pages), top_k, None)
            ranking = folded.ranking
            return tuple(
                Hit(
                    document_id=snapshot.document_id(row),
                    number=snapshot.number(row),
                    scores=ranking.scores(position),
                    copies=tuple(
                        (snapshot.document_id(other), snapshot.number(other))
                        for other in copies_of(row, folded, snapshot, None)
                    ),
                )
                for position, row in zip(ranking.order.tolist(), ranking.rows.tolist(), strict=True)
            )

    def examine(self, question: str, *, top_k: int = 1) -> tuple[Examined, ...]:
        """The first passages with the features that confidence is made from, for fitting it."""
        asked = question_limits.check_question(question)
        query = encode(asked, self._embedder)
        with self._read() as (catalog, snapshot):
            pages = Pages(snapshot=snapshot, catalog=catalog, quotations=self._quotations)
            chosen = choose(fold_alike(rank(snapshot, query), pages), top_k, None)
            return tuple(examine(chosen, pages, query, None))

    def info(self) -> IndexInfo:
        """What the index holds now and which model made it."""
        with self._read() as (_, snapshot):
            return snapshot.info

    def refresh(self, progress: Progress | None = None) -> None:
        """Bring the search structures up to date, and save them where much has changed since they were."""
        with self._reader() as catalog:
            self._refresher.save(catalog, progress)

    @contextmanager
    def _read(self) -> Iterator[tuple[Catalog, Snapshot]]:
        """A catalog held at one state, with the search structures of the same state."""
        while True:
            with self._reader() as catalog:
                snapshot = self._refresher.at(catalog)
                if snapshot is not None:  # or another thread has gone on to a newer state meanwhile
                    yield catalog, snapshot
                    return
