"""Measurements as JSON objects; a measurement on the seeds has a record per question, for comparisons of runs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.measurement.baselines import BASELINES
from wherefrom.eval.measurement.beir import BeirCalibration, BeirScores
from wherefrom.eval.measurement.runs import JudgedRanking, Run
from wherefrom.eval.measurement.scorecard import MEASURES, Figures
from wherefrom.eval.measurement.seeds import Measurement

FORMAT = 1
Json = Mapping[str, object]


def measurement_json(measured: Measurement) -> Json:
    """Return metrics, intervals, baselines and one record per question, in the order of the questions file."""
    card = measured.card
    own: Figures = {**card.rankings["wherefrom"], **card.service}
    return {
        "format": FORMAT,
        "index": asdict(measured.index),
        "digests": asdict(measured.digests),
        "questions": {kind: total for kind, (_, total) in card.refusals.items()},
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


def beir_json(scores: BeirScores) -> Json:
    """Return metrics and counts of the service and of each baseline, the reading, and the calibration if any."""
    counts = {"questions": scores.questions, "documents": scores.documents}
    by_system = {system: {**values_json(figures), **counts} for system, figures in scores.rankings.items()}
    calibration = {"certainty": calibration_json(scores.calibration)} if scores.calibration else {}
    reading = {
        "reading": {
            "way": scores.reading.key,
            "words_kept": scores.reading.words_kept,
            "refused": dict(scores.reading.refused),
        }
    }
    return {**by_system["wherefrom"], **{system: by_system[system] for system in BASELINES}, **reading, **calibration}


def calibration_json(calibration: BeirCalibration) -> Json:
    """Return metrics with intervals, and the numbers of questions."""
    return {
        "metrics": values_json(calibration.figures),
        "intervals": intervals_json(calibration.figures),
        "answerable": calibration.answerable,
        "unanswerable": calibration.unanswerable,
    }


def values_json(figures: Figures) -> dict[str, float | None]:
    """Return the value of each figure by name; `None` where it is not defined."""
    return {name: _number(figure.value) for name, figure in figures.items()}


def intervals_json(figures: Figures) -> dict[str, Sequence[float | None]]:
    """Return the ends of each figure's interval by name; `None` for both where it has no interval."""
    return {name: [_number(figure.low), _number(figure.high)] for name, figure in figures.items()}


def _record(run: Run) -> Json:
    question, answer = run.judged.question, run.answer
    return {
        "id": question.id,
        "question": question.question,
        "kind": question.kind,
        "own_words": question.own_words,
        "golds": [_paragraph(paragraph) for paragraph in sorted(set(run.judged.gold_paragraphs))],
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
    paragraph = ParagraphRef(document_id=first.citation.document_id, paragraph=first.citation.paragraph)
    return {**_paragraph(paragraph), "text": first.text}


def _measures(ranking: JudgedRanking) -> Json | None:
    if not ranking.judgements:
        return None
    return {name: measure(ranking) for name, measure in MEASURES.items()}


def _paragraph(paragraph: ParagraphRef) -> dict[str, object]:
    return {"document": paragraph.document_id, "paragraph": paragraph.paragraph}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
