"""Questions that a small language model writes about stories, to train with: read from its replies and filtered.

A reply has a question and an answer on each line, with a bar between them. Kept are short questions whose answer is
copied from the paragraph, is not in the question already, and that share no more than their text with another one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.jsonl import read_rows
from wherefrom.eval.training.asked_questions import AskedQuestion
from wherefrom.index.text.analyzer import terms

SEPARATOR = "|"
MIN_WORDS, MAX_WORDS = 4, 16
"""Shortest and longest question, in words."""
MIN_TERMS = 2
"""Smallest number of a question's terms, which leave out words such as "the" and "who"."""
MAX_ANSWER_WORDS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The reply of a language model about a paragraph (1-based number) of a story."""

    story: str
    paragraph: int
    text: str


def read_replies(path: Path) -> list[Reply]:
    """Read the replies of a JSON lines file with `story`, `paragraph` and `text`."""
    return [
        Reply(story=row.text("story"), paragraph=int(str(row.values["paragraph"])), text=row.text("text"))
        for row in read_rows(path)
    ]


def generated_questions(replies: Iterable[Reply], stories: Mapping[str, Sequence[str]]) -> list[AskedQuestion]:
    """Return the usable questions of the replies; `stories` are paragraphs by story id.

    Every paragraph of the story that contains the answer counts as one that answers. A question that was written about
    two paragraphs is left out.
    """
    written = [
        (reply, question, answer)
        for reply in replies
        for question, answer in _lines(reply.text)
        if _is_usable(question, answer, stories[reply.story][reply.paragraph - 1])
    ]
    counts = Counter((reply.story, question.casefold()) for reply, question, _ in written)
    return [
        AskedQuestion(
            text=question,
            answers=(answer,),
            story=reply.story,
            paragraphs=frozenset(
                number
                for number, text in enumerate(stories[reply.story], start=1)
                if answer.casefold() in text.casefold()
            ),
        )
        for reply, question, answer in written
        if counts[reply.story, question.casefold()] == 1
    ]


def unlabelled_questions(replies: Iterable[Reply], stories: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the other well-formed questions of the replies: their answers are not copied, or stand in two places."""
    replies = list(replies)
    usable = {question.text for question in generated_questions(replies, stories)}
    written = dict.fromkeys(question for reply in replies for question, _ in _lines(reply.text))
    return [question for question in written if question not in usable and _is_well_formed(question)]


def _lines(text: str) -> Iterable[tuple[str, str]]:
    for line in text.splitlines():
        question, separator, answer = line.partition(SEPARATOR)
        if separator:
            yield question.strip(), answer.strip().strip("\"'").rstrip(".,;:").strip()


def _is_usable(question: str, answer: str, paragraph: str) -> bool:
    return (
        _is_well_formed(question)
        and 1 <= len(answer.split()) <= MAX_ANSWER_WORDS
        and answer.casefold() in paragraph.casefold()
        and answer.casefold() not in question.casefold()
    )


def _is_well_formed(question: str) -> bool:
    return (
        question.endswith("?") and MIN_WORDS <= len(question.split()) <= MAX_WORDS and len(terms(question)) >= MIN_TERMS
    )
