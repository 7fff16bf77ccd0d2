"""Examined paragraphs to an answer with citations, or to a plain statement that there is none."""

from collections.abc import Callable, Sequence

from wherefrom.index.answering.passages import Examined
from wherefrom.index.scoring.calibration import Calibration
from wherefrom.index.types import Answer, AnswerText, Citation, IndexInfo, NoAnswerReason, Passage, Span


def answer(
    question: str,
    examined: Sequence[Examined],
    cite_sentence: Callable[[Examined], Citation],
    *,
    calibration: Calibration,
    threshold: float,
    explain: bool,
    info: IndexInfo,
    warnings: tuple[str, ...],
) -> Answer:
    """The answer to a question whose passages were found; `took_ms` is left for the caller to fill."""
    passages = tuple(_passage(rank, found, calibration, explain=explain) for rank, found in enumerate(examined, 1))
    confidence = passages[0].confidence if passages else 0.0
    reason = _no_answer_reason(passages, confidence, threshold, info)
    return Answer(
        question=question,
        status="answered" if reason is None else "no_answer",
        no_answer_reason=reason,
        confidence=confidence,
        threshold=threshold,
        answer=_answer_text(cite_sentence(examined[0])) if reason is None else None,
        passages=passages,
        index=info,
        took_ms=0.0,
        warnings=warnings,
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


def _passage(rank: int, found: Examined, calibration: Calibration, *, explain: bool) -> Passage:
    source, paragraph = found.quotation.stored.source, found.quotation.stored.paragraph
    return Passage(
        rank=rank,
        passage_id=f"{source.document_id}:{paragraph.number}",
        text=paragraph.text,
        confidence=calibration.probability(found.features),
        highlights=(Span(start=found.sentence.start, end=found.sentence.end),),
        citation=found.quotation.citation,
        also_in=found.copies,
        scores=found.scores if explain else None,
    )
