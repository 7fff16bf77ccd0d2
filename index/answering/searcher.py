"""Answers encoded questions from one state of a collection."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from wherefrom.index.answering.answer import build_answer
from wherefrom.index.answering.careful import read_first
from wherefrom.index.answering.citation_cache import CitationCache
from wherefrom.index.answering.explanation import explain
from wherefrom.index.answering.passages import (
    CitingState,
    FoldedRanking,
    ScoredPassage,
    copies_of,
    fold_near_duplicates,
    questions_last,
    rerank,
    score_passages,
)
from wherefrom.index.answering.shared_words import shared_words
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.engine import CollectionState, Scope
from wherefrom.index.ranking.cross_encoder import Reranker
from wherefrom.index.ranking.document_preference import DocumentPreference
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.question_limits import check_limits
from wherefrom.index.ranking.question_syntax import NOTE_NOT_FOUND, ParsedQuestion
from wherefrom.index.ranking.ranker import Order, rank
from wherefrom.index.reading.lazy_reader import LazyReader
from wherefrom.index.scoring.calibration import Calibration
from wherefrom.index.scoring.recency import Recency
from wherefrom.index.types import Answer, AskOptions, Citation, Effort, Filters, Hit, Passage

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """One state of a collection, ready to answer. For one thread, while the state is held."""

    state: CollectionState
    citations: CitationCache
    calibrations: Mapping[Effort, Calibration]
    reranker: Reranker | None
    reader: LazyReader
    answers: BoundedCache[Hashable, Answer]

    def answer(self, question: str, query: Query, options: AskOptions) -> Answer:
        """Answer an encoded question; `took_ms` is 0. Raises InvalidQuestion, UnknownFilterValue."""
        check_limits(options)
        query = query.in_collection(self.state)
        asked, scope = self._scope(query.question, options)
        recency = _recency(scope, options)
        citing = CitingState(self.state, self.citations)
        ranking = rank(scope, query, recency=recency, preference=self._preference(query))
        folded, effort = self._order(fold_near_duplicates(ranking, citing), citing, query, options.effort)
        folded = questions_last(folded, citing, options.top_k).truncate(options.top_k, options.max_per_document)
        answer = build_answer(
            question,
            list(score_passages(folded, citing, query, scope)),
            self._cite_sentence,
            calibration=self.calibrations[effort],
            explain=options.explain,
            info=self.state.info,
            names_nothing=query.names_nothing and not options.filters.document_id,
            warnings=(*scope.warnings, *_phrase_warning(asked, scope)),
        )
        if options.explain:
            passages = self._with_shared_words(answer.passages, folded, query)
            explanation = explain(asked, options, recency, query.follow_up)
            answer = replace(answer, passages=passages, explanation=explanation)
        if query.follow_up is not None:
            answer = replace(answer, follow_up=query.follow_up)
        self.answers.put(self._key(question, options), answer)
        return answer

    def cached_answer(self, question: str, options: AskOptions) -> Answer | None:
        """Return the cached answer to a question at this state, or `None`."""
        return self.answers.get(self._key(question, options))

    def rank(self, query: Query, *, top_k: int, order: Order = "fused", effort: Effort | None = None) -> Sequence[Hit]:
        """Return the ranking alone, each passage with the places of its copies; see `QueryEngine.rank`."""
        query = query.in_collection(self.state)
        scope = self.state.scope(Filters())
        citing = CitingState(self.state, self.citations)
        folded = fold_near_duplicates(rank(scope, query, order=order), citing)
        if order == "fused":
            folded, _ = self._order(folded, citing, query, effort)
        folded = folded.truncate(top_k, None)
        ranking = folded.ranking
        return tuple(
            Hit(
                document_id=self.state.document_id(row),
                number=self.state.paragraph_number(row),
                scores=scores,
                copies=tuple(
                    (self.state.document_id(copy), self.state.paragraph_number(copy))
                    for copy in copies_of(row, folded, self.state, scope)
                ),
            )
            for scores, row in zip(ranking.scores(), ranking.rows.tolist(), strict=True)
        )

    def score_passages(
        self, query: Query, *, top_k: int = 1, filters: Filters = NO_FILTERS, effort: Effort | None = None
    ) -> tuple[ScoredPassage, ...]:
        """Return the first passages with the features that confidence is calibrated on."""
        query = query.in_collection(self.state)
        scope = self.state.scope(filters)
        citing = CitingState(self.state, self.citations)
        folded, _ = self._order(fold_near_duplicates(rank(scope, query), citing), citing, query, effort)
        return tuple(score_passages(folded.truncate(top_k, None), citing, query, scope))

    def _order(
        self, folded: FoldedRanking, citing: CitingState, query: Query, effort: Effort | None
    ) -> tuple[FoldedRanking, Effort]:
        """Rank the first passages with the reranker or the reader; return the ranking and the effort that was used."""
        if self.reranker is not None:
            return rerank(folded, citing, query.text, self.reranker), "fast"
        reader = self.reader.get() if effort == "careful" else None
        if reader is None:
            return folded, "fast"
        return read_first(folded, citing, query.text, reader), "careful"

    def _scope(self, asked: ParsedQuestion, options: AskOptions) -> tuple[ParsedQuestion, Scope]:
        """Return the question as it was interpreted, and its scope.

        A question that consists of one phrase is plain text if the phrase occurs nowhere: it may have been pasted with
        its quotation marks.
        """
        newest = options.prefer == "newest"
        scope = self.state.scope(options.filters, asked.words, newest_copies=newest)
        if asked.is_phrase and scope.is_empty:
            asked = asked.without_operators(NOTE_NOT_FOUND)
            scope = self.state.scope(options.filters, newest_copies=newest)
        return asked, scope

    def _with_shared_words(
        self, passages: Sequence[Passage], folded: FoldedRanking, query: Query
    ) -> tuple[Passage, ...]:
        """Return the passages of a ranking, each with the words that it has in common with the question."""
        rows = folded.ranking.rows.tolist()
        return tuple(
            replace(passage, shared_words=shared_words(passage.text, self.state.language(row), query))
            for passage, row in zip(passages, rows, strict=True)
        )

    def _preference(self, query: Query) -> DocumentPreference | None:
        """Return the documents that a follow-up prefers, `None` without any."""
        if query.follow_up is None or not query.follow_up.preferred_documents:
            return None
        documents = frozenset(query.follow_up.preferred_documents)
        return DocumentPreference(documents=documents, document_id=self.state.document_id)

    def _key(self, question: str, options: AskOptions) -> Hashable:
        day = _today() if options.prefer == "newest" else None
        return self.state.revision, self.state.info.generation, question, options, day

    def _cite_sentence(self, passage: ScoredPassage) -> Citation:
        return self.citations.sentence(passage.paragraph, passage.sentence, self.state)


def _recency(scope: Scope, options: AskOptions) -> Recency | None:
    """Return how dates count, `None` if they do not. Ages count from no date in the future: such dates are mistakes."""
    if options.prefer != "newest":
        return None
    return Recency(newest=scope.newest(_today()), half_life_days=options.half_life_days)


def _today() -> int:
    """Return the number of the day in UTC; on the next day, another date may be the newest that has come."""
    return datetime.now(UTC).date().toordinal()


def _phrase_warning(asked: ParsedQuestion, scope: Scope) -> Iterator[str]:
    if asked.phrases and scope.is_empty:
        quoted = ", ".join(f'"{phrase}"' for phrase in asked.phrases)
        yield f"no paragraph that passes the filters holds {quoted} word for word"
