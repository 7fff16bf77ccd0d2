"""Turns a ranking into passages: folds near-duplicates, cites paragraphs, selects sentences, measures features."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from wherefrom.index.answering.absent_terms import QuestionTerms, weighted_absence
from wherefrom.index.answering.citation_cache import CitationCache, CitedParagraph
from wherefrom.index.engine import CollectionState, Scope
from wherefrom.index.ranking.cross_encoder import Reranker
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.ranking import Ranking
from wherefrom.index.reading.protocol import Reading
from wherefrom.index.scoring.calibration import Features, answering_sentence, coverage, lead_over_others
from wherefrom.index.scoring.near_duplicates import group_duplicates
from wherefrom.index.scoring.recency import SECOND_STAGE_WEIGHT
from wherefrom.index.text.language_terms import variants_of_run
from wherefrom.index.text.mentions import mention_variants
from wherefrom.index.types import Citation, Scores, Sentence, Span

FOLDING_DEPTH = 50
"""Number of ranked paragraphs that are compared for near-duplicates."""
LEAD_DEPTH = 10
"""Number of passages among which the one is found that the first passage leads."""
QUESTION_DEPTH = 20
"""Maximum number of ranked paragraphs that are checked for having sentences other than questions."""
SPAN_CHARACTERS = 500
"""Maximum length of a paragraph whose answering sentence is the one with the reader's span.

Of 478 answers in whole paragraphs of SQuAD's held-out articles, the sentence had 0.839 by cosine and coverage, 0.720 by
the span, 0.843 with this limit; of 445 in the cut ones 0.973, 0.962, 0.964; of 413 in news 0.840, 0.898, 0.903.
"""
GUESS_WEIGHT = 0.5
"""Weight of a guessed spelling in the choice of the answering sentence, relative to the word: as in BM25."""
MAX_COPIES = 100
"""Maximum number of cited copies of one passage; a notice may occur in every document of a collection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPassage:
    """A ranked paragraph with its best sentence, the citations of its copies in other documents, and its features.

    `uncited_copies` is the number of copies beyond MAX_COPIES; `reading` is the reader's result, `None` without a
    reader.
    """

    paragraph: CitedParagraph
    sentence: Sentence
    copies: tuple[Citation, ...]
    uncited_copies: int = 0
    scores: Scores
    features: Features
    reading: Reading | None = None


class CitingState:
    """A state of the collection with the cache of its cited paragraphs."""

    def __init__(self, state: CollectionState, cache: CitationCache) -> None:
        self.state = state
        self._cache = cache
        self._by_row = cache.by_row(state)

    def paragraph(self, row: int) -> CitedParagraph:
        """Return a row's cited paragraph."""
        cited = self._by_row.get(row)
        if cited is None:
            cited = self._cache.paragraph(row, self.state)
            self._by_row.put(row, cited)
        return cited

    def text(self, row: int) -> str:
        """Return the text of a row's paragraph."""
        return self.paragraph(row).stored.paragraph.text


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedRanking:
    """A ranking in which each passage takes one place.

    `near_duplicates` has the near-duplicates of a row in other documents, `readings` the reader's result for each row
    that was read, and `read_scores` the scores by which these rows are ranked. `untruncated` is the ranking before it
    was truncated.
    """

    ranking: Ranking
    near_duplicates: Mapping[int, tuple[int, ...]]
    readings: Mapping[int, Reading] = field(default_factory=dict)
    read_scores: Mapping[int, float] = field(default_factory=dict)
    untruncated: Ranking | None = None

    def reading(self, row: int) -> Reading:
        """Return the reader's result for a row; for a row that was not read, the lowest scores of all that were."""
        return self.readings.get(row) or _least(tuple(self.readings.values()))

    def truncate(self, top_k: int, max_per_document: int | None) -> "FoldedRanking":
        """Keep the first `top_k` passages, with at most `max_per_document` of one document."""
        return replace(self, ranking=_truncate(self.ranking, top_k, max_per_document), untruncated=self.ranking)

    def leads(self) -> list[float]:
        """Return the lead of each passage: that of the first one over others, returned or not, and 0 for the rest.

        See `lead_over_others`.
        """
        leads = [0.0] * len(self.ranking)
        if leads:
            first = (self.untruncated or self.ranking).take(slice(LEAD_DEPTH))
            cosines = first.candidates.cosines_with(int(first.order[0]), first.order)
            leads[0] = lead_over_others(self._scores(first), cosines.tolist())
        return leads

    def _scores(self, ranking: Ranking) -> list[float]:
        """Return the scores of a ranking of these passages: fused; of a row that was read, with its relevance."""
        scores: list[float] = ranking.fused[ranking.order].tolist()
        if self.read_scores:
            return [self.read_scores.get(row, score) for row, score in zip(ranking.rows.tolist(), scores, strict=True)]
        return scores


def _least(readings: Sequence[Reading]) -> Reading:
    """Return a reading with the lowest score of each kind."""
    return Reading(
        relevance=min(each.relevance for each in readings),
        answers=min(each.answers for each in readings),
        span_score=min(each.span_score for each in readings),
        span=Span(start=0, end=0),
    )


def fold_near_duplicates(ranking: Ranking, citing: CitingState) -> FoldedRanking:
    """Keep the best paragraph of each group of near-duplicates among the first FOLDING_DEPTH."""
    first = ranking.order[:FOLDING_DEPTH]
    close = ranking.candidates.close_pairs(first)
    if close is None:
        return FoldedRanking(ranking=ranking, near_duplicates={})
    rows, documents = ranking.candidates.rows[first].tolist(), ranking.candidates.documents[first]
    groups = group_duplicates(close, documents, lambda rank: citing.text(rows[rank]))
    ranks = [group[0] for group in groups] + list(range(len(first), len(ranking)))
    near_duplicates = {rows[best]: tuple(rows[rank] for rank in others) for best, *others in groups if others}
    return FoldedRanking(ranking=ranking.take(np.array(ranks, dtype=np.int64)), near_duplicates=near_duplicates)


def questions_last(folded: FoldedRanking, citing: CitingState, count: int) -> FoldedRanking:
    """Move passages that consist of questions behind the first `count` passages that do not.

    The nearest text to a question is the same question printed in an article, which does not answer it. At most
    QUESTION_DEPTH passages are checked.
    """
    rows = folded.ranking.rows[:QUESTION_DEPTH].tolist()
    asking: list[int] = []
    others: list[int] = []
    for rank, row in enumerate(rows):
        (others if citing.paragraph(row).answering else asking).append(rank)
        if len(others) == count:
            break
    if not asking:
        return folded
    seen = len(asking) + len(others)
    order = [*others, *asking, *range(seen, len(folded.ranking))]
    return replace(folded, ranking=folded.ranking.take(np.array(order, dtype=np.int64)))


def rerank(folded: FoldedRanking, citing: CitingState, question: str, reranker: Reranker) -> FoldedRanking:
    """Rank the first `reranker.depth` paragraphs by the reranker's scores; the others follow in their order."""
    rows = folded.ranking.rows[: reranker.depth].tolist()
    scores = reranker.scores(question, [citing.text(row) for row in rows])
    if folded.ranking.recency is not None:  # a cross-encoder's scores are about as far apart as the second stage's
        scores = scores + SECOND_STAGE_WEIGHT * folded.ranking.recency[folded.ranking.order[: len(rows)]]
    order = np.argsort(-scores, kind="stable")
    others = np.arange(len(rows), len(folded.ranking))
    return replace(folded, ranking=folded.ranking.take(np.append(order, others)))


def _truncate(ranking: Ranking, top_k: int, max_per_document: int | None) -> Ranking:
    if max_per_document is None:
        return ranking.take(slice(top_k))
    counts: Counter[int] = Counter()
    ranks: list[int] = []
    for rank, document in enumerate(ranking.candidates.documents[ranking.order].tolist()):
        counts[document] += 1
        if counts[document] <= max_per_document:
            ranks.append(rank)
        if len(ranks) == top_k:
            break
    return ranking.take(np.array(ranks, dtype=np.int64))


def score_passages(folded: FoldedRanking, citing: CitingState, query: Query, scope: Scope) -> Iterator[ScoredPassage]:
    """Cite every ranked paragraph, best first, and measure the features of each."""
    ranking, state = folded.ranking, citing.state
    term_weights = state.term_weights(query.terms)
    mentioned = mention_variants(query.text, state.languages)
    missing = sum(not any(map(state.has_prefix, prefixes)) for prefixes in mentioned)
    size = math.log10(max(scope.paragraphs, 1))
    question = QuestionTerms.of(query.terms, term_weights, mentioned)
    sentence_weights = {**term_weights, **_weights_of_guesses(query, term_weights, state.languages)}
    rows = ranking.rows.tolist()
    by_rank = zip(
        rows,
        weighted_absence(rows, question, state, size),
        ranking.scores(),
        ranking.sentence_cosines(),
        ranking.shortfall[ranking.order].tolist(),
        folded.leads(),
        strict=True,
    )
    for row, absent, scores, cosines, shortfall, lead in by_rank:
        paragraph = citing.paragraph(row)
        reading = folded.reading(row) if folded.readings else None
        copies = copies_of(row, folded, state, scope)
        yield ScoredPassage(
            paragraph=paragraph,
            sentence=best_sentence(paragraph, cosines, sentence_weights, reading),
            copies=tuple([citing.paragraph(copy).citation for copy in copies[:MAX_COPIES]]),
            uncited_copies=max(len(copies) - MAX_COPIES, 0),
            scores=scores,
            features=Features(
                shortfall=shortfall,
                sentence=max(cosines),
                missing=missing,
                size=size,
                lead=lead,
                absent=absent.terms,
                absent_names=absent.names,
                answers=0.0 if reading is None else reading.answers,
                span=0.0 if reading is None else reading.span_score,
            ),
            reading=reading,
        )


def _weights_of_guesses(
    query: Query, term_weights: Mapping[str, float], languages: tuple[str, ...]
) -> Mapping[str, float]:
    """Return the weight of each variant of a guessed term: half that of the word that it is guessed for."""
    weights: dict[str, float] = {}
    for guess in query.guesses:
        of_word = term_weights.get(variants_of_run(guess.word, languages)[0], 0.0)
        variants = (guess.term,) if isinstance(guess.term, str) else guess.term
        weights |= {each: GUESS_WEIGHT * of_word for each in variants if each not in term_weights}
    return weights


def best_sentence(
    paragraph: CitedParagraph, cosines: Sequence[float], term_weights: Mapping[str, float], reading: Reading | None
) -> Sentence:
    """Return the answering sentence: the one with the reader's span, or else the one of the best cosine and coverage.

    In paragraphs of over SPAN_CHARACTERS the span is not considered. Questions are considered only if the paragraph has
    no other sentence.
    """
    text, sentences = paragraph.stored.paragraph.text, paragraph.stored.paragraph.sentences
    answering = paragraph.answering or tuple(range(len(sentences)))
    if reading is not None and reading.span.end and len(text) <= SPAN_CHARACTERS:
        for at in answering:
            if sentences[at].start <= reading.span.start < sentences[at].end:
                return sentences[at]
    coverages = [coverage(term_weights, paragraph.sentence_terms[at]) for at in answering]
    return sentences[answering[answering_sentence([cosines[at] for at in answering], coverages)]]


def copies_of(row: int, folded: FoldedRanking, state: CollectionState, scope: Scope) -> Sequence[int]:
    """Return the rows of the same passage in other documents, one per document: exact copies first, then near ones."""
    copies = scope.duplicates(row).tolist()
    for near in folded.near_duplicates.get(row, ()):
        copies += [near, *scope.duplicates(near).tolist()]
    by_document = {state.document_number(row): row}
    for copy in copies:
        by_document.setdefault(state.document_number(copy), copy)
    return list(by_document.values())[1:]
