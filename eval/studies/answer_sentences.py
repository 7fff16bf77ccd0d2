"""Measures how often the answering sentence, or any sentence of the first passages, contains the answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.metrics.calibration_metrics import proportion
from wherefrom.eval.studies.question_sets import AnswerCheck, StudyQuestion
from wherefrom.index.answering.passages import ScoredPassage
from wherefrom.index.library import Library
from wherefrom.index.types import Sentence

PASSAGES = 3
SentenceCheck = Callable[[Sequence[ScoredPassage], AnswerCheck], bool]


def sentence_hits(library: Library, questions: Sequence[StudyQuestion]) -> Iterator[Mapping[str, bool]]:
    """Yield for each question, by row of the table, whether one of the sentences contains the answer.

    Questions that are judged by whole passages only are left out.
    """
    for question in questions:
        if question.contains_answer is not None:
            passages = library.score_passages(question.text, top_k=PASSAGES)
            yield {name: check(passages, question.contains_answer) for name, check in ROWS.items()}


def sentence_rows(sets: Mapping[str, Sequence[Mapping[str, bool]]]) -> list[list[str]]:
    """Return a row per choice of sentences and a column per question set, with Wilson intervals."""
    rows = [["the answer is in", *(f"{name} ({len(hits)})" for name, hits in sets.items())]]
    for name in ROWS:
        shares = (proportion(sum(of_question[name] for of_question in hits), len(hits)) for hits in sets.values())
        rows.append([name, *(f"{each.value:.3f} ({each.low:.3f} to {each.high:.3f})" for each in shares)])
    return rows


def _answering_sentence(passages: Sequence[ScoredPassage], contains_answer: AnswerCheck) -> bool:
    return any(_sentence_contains(first, first.sentence, contains_answer) for first in passages[:1])


def _any_sentence_of(depth: int) -> SentenceCheck:
    return lambda passages, contains_answer: any(
        _sentence_contains(passage, sentence, contains_answer)
        for passage in passages[:depth]
        for sentence in passage.paragraph.stored.paragraph.sentences
    )


def _sentence_contains(passage: ScoredPassage, sentence: Sentence, contains_answer: AnswerCheck) -> bool:
    stored = passage.paragraph.stored
    paragraph = ParagraphRef(document_id=stored.source.document_id, paragraph=stored.paragraph.number)
    return contains_answer(paragraph, stored.paragraph.text[sentence.start : sentence.end])


ROWS: Mapping[str, SentenceCheck] = {
    "the answering sentence": _answering_sentence,
    "some sentence of the first passage": _any_sentence_of(1),
    f"some sentence of the first {PASSAGES}": _any_sentence_of(PASSAGES),
}
