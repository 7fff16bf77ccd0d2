"""The figures as a program reads them: one JSON object that a later run can be compared with, question by question."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from wherefrom.eval.datasets.questions import Place
from wherefrom.eval.measurement.runs import Ranking, Run
from wherefrom.eval.measurement.scorecard import MEASURES, Figures
from wherefrom.eval.measurement.seeds import Measurement

FORMAT = 1
Json = Mapping[str, object]


def measurement_json(measured: Measurement) -> Json:
    """Metrics, intervals, baselines and one record a question, in the order of the questions file."""
    card = measured.card
    own: Figures = {**card.rankings["wherefrom"], **card.service}
    return {
        "format": FORMAT,
        "index": asdict(measured.index),
        "digests": asdict(measured.digests),
        "questions": {kind: asked for kind, (_, asked) in card.refusals.items()},
        "refused": {kind: refused for kind, (refused, _) in card.refusals.items()},
        "metrics": values_json(own),
        "intervals": intervals_json(own),
        "baselines": {
            system: {"metrics": values_json(figures), "intervals": intervals_json(figures)}
            for system, figures in card.rankings.items()
            if system != "wherefrom"
        },
        "records": [_record(run) for run in measured.runs],
    }


def values_json(figures: Figures) -> dict[str, float | None]:
    """The values by name; null for one that is not defined."""
    return {name: _number(figure.value) for name, figure in figures.items()}


def intervals_json(figures: Figures) -> dict[str, Sequence[float | None]]:
    """The interval of each figure by name, as low and high end; nulls where there is none."""
    return {name: [_number(figure.low), _number(figure.high)] for name, figure in figures.items()}


def _record(run: Run) -> Json:
    question, answer = run.judged.question, run.answer
    return {
        "id": question.id,
        "question": question.question,
        "kind": question.kind,
        "own_words": question.own_words,
        "golds": [_place(place) for place in sorted(set(run.judged.places))],
        "status": answer.status,
        "confidence": answer.confidence,
        "answer": answer.answer.text if answer.answer else None,
        "answer_right": run.sentence_answers,
        "first": _first(run),
        "gold_rank": run.gold_rank,
        "systems": {system: _measures(ranking) for system, ranking in run.rankings.items()},
        "faults": list(run.faults),
    }


def _first(run: Run) -> Json | None:
    if not run.answer.passages:
        return None
    first = run.answer.passages[0]
    place = Place(document_id=first.citation.document_id, paragraph=first.citation.paragraph)
    return {**_place(place), "text": first.text}


def _measures(ranking: Ranking) -> Json | None:
    if not ranking.judgements:
        return None
    return {name: measure(ranking) for name, measure in MEASURES.items()}


def _place(place: Place) -> dict[str, object]:
    return {"document": place.document_id, "paragraph": place.paragraph}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
