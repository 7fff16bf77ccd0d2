"""Ask every question and keep what came back, judged: the full service, and the rankings that it must beat."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from wherefrom.eval.datasets.questions import JudgedQuestion, Place
from wherefrom.eval.measurement.baselines import baselines
from wherefrom.eval.metrics.calibration_metrics import Verdict
from wherefrom.eval.metrics.citation_checks import citations_of, fault
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, Citation, Hit

System = Literal["wherefrom", "bm25", "dense", "rrf"]
SYSTEMS: tuple[System, ...] = get_args(System)

DEPTH = 10
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The gain at each place of a ranking, and every judgement that it could have collected."""

    gains: tuple[float, ...]
    judgements: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One question asked: the answer, each system's ranking judged, and the citations that do not hold.

    `top_cosine` is the highest of any paragraph with the question.
    """

    judged: JudgedQuestion
    answer: Answer
    top_cosine: float
    rankings: Mapping[System, Ranking]
    citations: int
    faults: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """Whether the stories answer the question."""
        return bool(self.judged.places)

    @property
    def refused(self) -> bool:
        """Whether the service said that it does not know."""
        return self.answer.status == "no_answer"

    @property
    def gold_rank(self) -> int | None:
        """The first place, from 1, of a paragraph that answers; null if there is none among those asked for."""
        gains = self.rankings["wherefrom"].gains
        return next((place for place, gain in enumerate(gains, start=1) if gain > 0), None)

    @property
    def verdict(self) -> Verdict:
        """How sure the service was, beside what would have been right."""
        return Verdict(
            confidence=self.answer.confidence,
            top_cosine=self.top_cosine,
            refused=self.refused,
            answerable=self.answerable,
            first_answers=self.gold_rank == 1,
        )

    @property
    def sentence_answers(self) -> bool:
        """Whether the answering sentence stands in a gold's paragraph and holds that gold's answer."""
        if self.answer.answer is None:
            return False
        return self.judged.answered_by(_place(self.answer.answer.citation), self.answer.answer.text)


def run_questions(library: Library, judged: Iterable[JudgedQuestion], progress: Progress) -> tuple[Run, ...]:
    """Ask every question once; `progress` hears how many more are done."""
    runs = []
    for question in judged:
        runs.append(run_question(library, question))
        progress(1)
    return tuple(runs)


def run_question(library: Library, judged: JudgedQuestion) -> Run:
    """Ask one question and judge what comes back."""
    text, golds = judged.question.question, frozenset(judged.places)
    answer = library.ask(text, top_k=DEPTH)
    places = [_places(passage.citation, passage.also_in) for passage in answer.passages]
    rankings: dict[System, Ranking] = {"wherefrom": judge(places, golds)}
    others = baselines(library, text, DEPTH)
    for system, hits in others.items():
        rankings[system] = judge([_hit_places(hit) for hit in hits], golds)
    citations = tuple(citations_of(answer))
    faults = tuple(reason for citation in citations if (reason := fault(citation)))
    return Run(
        judged=judged,
        answer=answer,
        top_cosine=max((hit.scores.dense for hit in others["dense"]), default=0.0),
        rankings=rankings,
        citations=len(citations),
        faults=faults,
    )


def judge(ranked: Sequence[set[Place]], golds: frozenset[Place]) -> Ranking:
    """Gain 1 where a gold or a copy of it stands for the first time; golds that share a place count as one."""
    left, gains, merged = set(golds), [], 0
    for places in ranked:
        found = places & left
        gains.append(float(bool(found)))
        merged += max(len(found) - 1, 0)
        left -= found
    return Ranking(gains=tuple(gains), judgements=(1.0,) * (len(golds) - merged))


def _hit_places(hit: Hit) -> set[Place]:
    own = (hit.document_id, hit.number)
    return {Place(document_id=document, paragraph=number) for document, number in (own, *hit.copies)}


def _places(citation: Citation, copies: Iterable[Citation]) -> set[Place]:
    return {_place(citation), *map(_place, copies)}


def _place(citation: Citation) -> Place:
    return Place(document_id=citation.document_id, paragraph=citation.paragraph)
