"""Confidence on a BEIR folder that marks questions without an answer, as SQuAD 2.0 does: near misses of one corpus."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.beir import BeirFolder, BeirQuery
from eval.certainty import Figure, Verdict, auc, bootstrap, certainty_figures
from eval.records import intervals_json, values_json
from eval.seeds import Bar
from index.library import Library
from index.types import Answer

TOGETHER = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirCertainty:
    """The figures, what they are made of, and of how many questions; `top_cosine` is the highest in the corpus."""

    verdicts: tuple[Verdict, ...]
    figures: Mapping[str, Figure]
    answerable: int
    unanswerable: int


def measure_certainty(folder: BeirFolder, library: Library, bar: Bar) -> BeirCertainty | None:
    """Ask everything of the corpus; null where every question has an answer."""
    if not folder.unanswerable:
        return None
    queries = [*folder.queries, *folder.unanswerable]
    with bar(f"asking whether {folder.name} answers", len(queries)) as progress:
        verdicts, cosines = [], []
        for query, answer in zip(queries, answers(library, [query.text for query in queries]), strict=True):
            verdicts.append(_verdict(query, answer))
            cosines += [hit.scores.dense for hit in library.rank(query.text, top_k=1, order="dense")]
            progress(1)
    figures = {**certainty_figures(verdicts), **_cosine_figures(verdicts, cosines)}
    return BeirCertainty(
        verdicts=tuple(verdicts),
        figures=figures,
        answerable=len(folder.queries),
        unanswerable=len(folder.unanswerable),
    )


def answers(library: Library, questions: Sequence[str]) -> Iterator[Answer]:
    """The answer to each question with its first passage; questions are read in batches, which changes no answer."""
    for start in range(0, len(questions), TOGETHER):
        batch = questions[start : start + TOGETHER]
        for question, query in zip(batch, library.encode(batch), strict=True):
            yield library.answer(question, query, top_k=1)


def certainty_json(certainty: BeirCertainty) -> Mapping[str, object]:
    """Metrics with intervals, and the counts."""
    return {
        "metrics": values_json(certainty.figures),
        "intervals": intervals_json(certainty.figures),
        "answerable": certainty.answerable,
        "unanswerable": certainty.unanswerable,
    }


def _verdict(query: BeirQuery, answer: Answer) -> Verdict:
    first = answer.passages[0]
    said_in = {citation.document_id for citation in (first.citation, *first.also_in)}
    return Verdict(
        confidence=answer.confidence,
        refused=answer.status == "no_answer",
        answerable=bool(query.relevant),
        first_answers=not said_in.isdisjoint(query.relevant),
    )


def _cosine_figures(verdicts: list[Verdict], cosines: list[float]) -> Mapping[str, Figure]:
    """What the highest cosine alone tells, and how much more confidence does, on the same resamples."""
    cosine, answerable = np.array(cosines), np.array([verdict.answerable for verdict in verdicts])
    confidence = np.array([verdict.confidence for verdict in verdicts])
    return {
        "top_cosine_auc": bootstrap(lambda at: auc(cosine[at], answerable[at]), len(verdicts)),
        "auc_over_top_cosine": bootstrap(
            lambda at: auc(confidence[at], answerable[at]) - auc(cosine[at], answerable[at]), len(verdicts)
        ),
    }
