"""Confidence on a BEIR folder that marks questions without an answer, as SQuAD 2.0 does: near misses of one corpus."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wherefrom.eval.datasets.beir import BeirFolder, BeirQuery
from wherefrom.eval.measurement.json_report import intervals_json, values_json
from wherefrom.eval.measurement.seeds import Bar
from wherefrom.eval.metrics.calibration_metrics import Figure, Verdict, certainty_figures
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, AskOptions

TOGETHER = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirCertainty:
    """The figures, what they are made of, and of how many questions."""

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
        verdicts = []
        for query, answer in zip(queries, answers(library, [query.text for query in queries]), strict=True):
            (nearest,) = library.rank(query.text, top_k=1, order="dense")
            verdicts.append(_verdict(query, answer, nearest.scores.dense))
            progress(1)
    return BeirCertainty(
        verdicts=tuple(verdicts),
        figures=certainty_figures(verdicts),
        answerable=len(folder.queries),
        unanswerable=len(folder.unanswerable),
    )


def answers(library: Library, questions: Sequence[str]) -> Iterator[Answer]:
    """The answer to each question with its first passage; questions are read in batches, which changes no answer."""
    for start in range(0, len(questions), TOGETHER):
        batch = questions[start : start + TOGETHER]
        queries = library.encode(batch)
        with library.searcher() as state:
            told = [
                state.answer(question, query, AskOptions(top_k=1))
                for question, query in zip(batch, queries, strict=True)
            ]
        yield from told


def certainty_json(certainty: BeirCertainty) -> Mapping[str, object]:
    """Metrics with intervals, and the counts."""
    return {
        "metrics": values_json(certainty.figures),
        "intervals": intervals_json(certainty.figures),
        "answerable": certainty.answerable,
        "unanswerable": certainty.unanswerable,
    }


def _verdict(query: BeirQuery, answer: Answer, top_cosine: float) -> Verdict:
    first = answer.passages[0]
    said_in = {citation.document_id for citation in (first.citation, *first.also_in)}
    return Verdict(
        confidence=answer.confidence,
        top_cosine=top_cosine,
        refused=answer.status == "no_answer",
        answerable=bool(query.relevant),
        first_answers=not said_in.isdisjoint(query.relevant),
    )
