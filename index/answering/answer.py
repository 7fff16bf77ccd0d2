"""Builds an Answer from scored passages: the answering sentence with its citation, or the reason for none."""

import re
from collections.abc import Callable, Sequence
from itertools import accumulate

from wherefrom.index.answering.passages import ScoredPassage
from wherefrom.index.scoring.calibration import Calibration
from wherefrom.index.text.analyzer import UNSPACED
from wherefrom.index.types import (
    Answer,
    AnswerText,
    Citation,
    IndexInfo,
    NoAnswerReason,
    Passage,
    Span,
)

WORD = re.compile(rf"\d+(?:[.,:]\d+)+|[^\W{UNSPACED}]+")
"""A number with separators, or letters and digits of a script with spaces."""
NAMES_NOTHING = "the question has no word that can be searched for: name a person, a place or a subject"


def build_answer(
    question: str,
    scored: Sequence[ScoredPassage],
    cite_sentence: Callable[[ScoredPassage], Citation],
    *,
    calibration: Calibration,
    explain: bool,
    info: IndexInfo,
    names_nothing: bool,
    warnings: tuple[str, ...],
) -> Answer:
    """Build the answer to a question from its passages, best first; `took_ms` is 0.

    The confidence is 0 for a question that `names_nothing`: any passage is as good as another.
    """
    # No passage gets a higher confidence than one ranked above it: the order is more reliable than the probabilities.
    probabilities = [0.0 if names_nothing else calibration.probability(each.features) for each in scored]
    confidences = accumulate(probabilities, min)
    passages = tuple(
        [
            _passage(rank, each, confidence, explain=explain)
            for rank, (each, confidence) in enumerate(zip(scored, confidences, strict=True), 1)
        ]
    )
    confidence = passages[0].confidence if passages else 0.0
    reason = _no_answer_reason(passages, confidence, calibration.threshold, info)
    return Answer(
        question=question,
        status="answered" if reason is None else "no_answer",
        no_answer_reason=reason,
        confidence=confidence,
        threshold=calibration.threshold,
        answer=_answer_text(cite_sentence(scored[0])) if reason is None else None,
        passages=passages,
        index=info,
        effort=calibration.effort,
        took_ms=0.0,
        warnings=(*warnings, *([NAMES_NOTHING] if names_nothing else ()), *_copy_warnings(scored)),
    )


def _copy_warnings(scored: Sequence[ScoredPassage]) -> tuple[str, ...]:
    return tuple(
        [
            f"passage {rank}: also_in names {len(each.copies)} of its {len(each.copies) + each.uncited_copies} copies"
            for rank, each in enumerate(scored, 1)
            if each.uncited_copies
        ]
    )


def _no_answer_reason(
    passages: Sequence[Passage], confidence: float, threshold: float, info: IndexInfo
) -> NoAnswerReason | None:
    if info.passages == 0:
        return "index_empty"
    if not passages:
        return "filters_matched_nothing"
    return None if confidence >= threshold else "below_threshold"


def _answer_text(citation: Citation) -> AnswerText:
    return AnswerText(text=citation.cited_text, citation=citation)


def _passage(rank: int, scored: ScoredPassage, confidence: float, *, explain: bool) -> Passage:
    source, paragraph = scored.paragraph.stored.source, scored.paragraph.stored.paragraph
    return Passage(
        rank=rank,
        passage_id=f"{source.document_id}:{paragraph.number}",
        text=paragraph.text,
        confidence=confidence,
        highlights=(_highlight(scored),),
        citation=scored.paragraph.citation,
        also_in=scored.copies,
        scores=scored.scores if explain else None,
    )


def _highlight(scored: ScoredPassage) -> Span:
    """Return the reader's span within the answering sentence, in whole words; the sentence if it begins elsewhere."""
    sentence, reading = scored.sentence, scored.reading
    if reading is not None and reading.span.end and sentence.start <= reading.span.start < sentence.end:
        text = scored.paragraph.stored.paragraph.text
        return _whole_words(text, reading.span.start, min(reading.span.end, sentence.end))
    return Span(start=sentence.start, end=sentence.end)


def _whole_words(text: str, start: int, end: int) -> Span:
    """Return a range with the words and numbers that begin or end in it: a model's tokens may be parts of words."""
    for word in WORD.finditer(text):
        if word.start() < start < word.end():
            start = word.start()
        if word.start() < end < word.end():
            end = word.end()
        if word.start() >= end:
            break
    return Span(start=start, end=end)
