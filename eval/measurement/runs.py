"""Runs: the judged results of each question, from the service and from the baselines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from wherefrom.eval.datasets.questions import JudgedQuestion, ParagraphRef
from wherefrom.eval.measurement.baselines import baselines
from wherefrom.eval.metrics.calibration_metrics import Outcome
from wherefrom.eval.metrics.citation_checks import citation_fault, citations_of
from wherefrom.eval.progress import Advance
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, Citation, Effort, Hit

System = Literal["wherefrom", "bm25", "dense", "rrf"]
SYSTEMS: tuple[System, ...] = get_args(System)

RANKING_DEPTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRanking:
    """The gain at each rank, and all positive judgements of the question, which are the gains of an ideal ranking."""

    gains: tuple[float, ...]
    judgements: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The result of one question: the answer, the judged ranking of each system, and the checks of the citations.

    `top_cosine` is the highest cosine of any paragraph with the question. `citations` is the number of citations, and
    `faults` describes those that do not match their sources.
    """

    judged: JudgedQuestion
    answer: Answer
    top_cosine: float
    rankings: Mapping[System, JudgedRanking]
    citations: int
    faults: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """Whether the question has golds, so that the documents answer it."""
        return bool(self.judged.gold_paragraphs)

    @property
    def refused(self) -> bool:
        """Whether the service answered with `no_answer`."""
        return self.answer.status == "no_answer"

    @property
    def gold_rank(self) -> int | None:
        """The 1-based rank of the first answering paragraph, `None` if no ranked paragraph answers."""
        gains = self.rankings["wherefrom"].gains
        return next((rank for rank, gain in enumerate(gains, start=1) if gain > 0), None)

    @property
    def outcome(self) -> Outcome:
        """The confidence and the decision of the service, and the correct ones."""
        return Outcome(
            confidence=self.answer.confidence,
            top_cosine=self.top_cosine,
            refused=self.refused,
            answerable=self.answerable,
            first_answers=self.gold_rank == 1,
        )

    @property
    def sentence_answers(self) -> bool:
        """Whether the answering sentence is in the paragraph of a gold, and contains the answer of that gold."""
        if self.answer.answer is None:
            return False
        return self.judged.answered_by(_cited_paragraph(self.answer.answer.citation), self.answer.answer.text)


def run_questions(
    library: Library, judged: Iterable[JudgedQuestion], progress: Advance, effort: Effort | None = None
) -> tuple[Run, ...]:
    """Ask every question once, with an effort or the default one; `progress` is called with 1 after each."""
    runs = []
    for question in judged:
        runs.append(run_question(library, question, effort))
        progress(1)
    return tuple(runs)


def run_question(library: Library, judged: JudgedQuestion, effort: Effort | None = None) -> Run:
    """Ask one question of the service and of the baselines, and judge the results."""
    text, golds = judged.question.question, frozenset(judged.gold_paragraphs)
    answer = library.ask(text, top_k=RANKING_DEPTH, effort=effort)
    ranked = [_cited_paragraphs(passage.citation, passage.also_in) for passage in answer.passages]
    rankings: dict[System, JudgedRanking] = {"wherefrom": judge(ranked, golds)}
    baseline_hits = baselines(library, text, RANKING_DEPTH)
    for system, hits in baseline_hits.items():
        rankings[system] = judge([_hit_paragraphs(hit) for hit in hits], golds)
    citations = tuple(citations_of(answer))
    faults = tuple(reason for citation in citations if (reason := citation_fault(citation)))
    return Run(
        judged=judged,
        answer=answer,
        top_cosine=max((hit.scores.dense for hit in baseline_hits["dense"]), default=0.0),
        rankings=rankings,
        citations=len(citations),
        faults=faults,
    )


def judge(ranked: Sequence[set[ParagraphRef]], golds: frozenset[ParagraphRef]) -> JudgedRanking:
    """Judge a ranking, given as the paragraph at each rank together with its copies.

    The gain is 1 at the first rank of each gold. Golds at the same rank, which are copies of each other, count as one.
    """
    remaining, gains, merged = set(golds), [], 0
    for paragraphs in ranked:
        matched = paragraphs & remaining
        gains.append(float(bool(matched)))
        merged += max(len(matched) - 1, 0)
        remaining -= matched
    return JudgedRanking(gains=tuple(gains), judgements=(1.0,) * (len(golds) - merged))


def _hit_paragraphs(hit: Hit) -> set[ParagraphRef]:
    own = (hit.document_id, hit.number)
    return {ParagraphRef(document_id=document, paragraph=number) for document, number in (own, *hit.copies)}


def _cited_paragraphs(citation: Citation, copies: Iterable[Citation]) -> set[ParagraphRef]:
    return {_cited_paragraph(citation), *map(_cited_paragraph, copies)}


def _cited_paragraph(citation: Citation) -> ParagraphRef:
    return ParagraphRef(document_id=citation.document_id, paragraph=citation.paragraph)
