"""A collection held at one state, to be asked: what becomes of questions that were encoded."""

from collections.abc import Hashable
from dataclasses import dataclass

from wherefrom.index.answering import answer
from wherefrom.index.answering.passages import Examined, Pages, choose, examine, fold_alike, read_again
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.ranking import question_limits
from wherefrom.index.ranking.cross_encoder import Reranker
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.ranker import rank
from wherefrom.index.scoring.calibration import Calibration
from wherefrom.index.search.filters import apply_filters
from wherefrom.index.types import Answer, AskOptions, Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state, whatever is changed meanwhile; for one thread, as long as `Library.state` is held."""

    pages: Pages
    calibration: Calibration
    threshold: float
    reranker: Reranker | None
    answers: BoundedCache[Hashable, Answer]

    def answer(self, question: str, query: Query, options: AskOptions) -> Answer:
        """Answer an encoded question; `took_ms` is 0. Raises InvalidQuestion, UnknownFilterValue."""
        question_limits.check_limits(options)
        pages, snapshot = self.pages, self.pages.snapshot
        with pages.catalog.connection.translating_errors():
            allowed, warnings = apply_filters(options.filters, snapshot)
            folded = fold_alike(rank(snapshot, query, allowed=allowed), pages)
            if self.reranker is not None:
                folded = read_again(folded, pages, query.text, self.reranker)
            told = answer.answer(
                question,
                list(examine(choose(folded, options.top_k, options.max_per_document), pages, query, allowed)),
                self._cite_sentence,
                calibration=self.calibration,
                threshold=self.threshold,
                explain=options.explain,
                info=snapshot.info,
                warnings=warnings,
            )
        self.answers.put(self._key(question, options), told)
        return told

    def recall(self, question: str, options: AskOptions) -> Answer | None:
        """Return the cached answer to a question, or `None`."""
        return self.answers.get(self._key(question, options))

    def _key(self, question: str, options: AskOptions) -> Hashable:
        snapshot = self.pages.snapshot
        return snapshot.revision, snapshot.info.generation, question, options

    def _cite_sentence(self, found: Examined) -> Citation:
        return self.pages.quotations.sentence(found.quotation, found.sentence, self.pages.catalog)
