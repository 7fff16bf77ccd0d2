"""Questions over parts of one large collection: 1, 5, 20, 100, 400 or all stories.

The stories come from three sets: NewsQA (CNN, 2007 to 2009), the news of the project's own questions (2015 to 2020),
and the held-out articles of SQuAD. A part is selected by a filter on document ids, as a user would do it. A question is
asked of parts with its own story, and, as a question about another year's news, of a part with stories of the other
sets only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from wherefrom.eval.datasets.jsonl import read_rows
from wherefrom.eval.datasets.small_collections import HELD_OUT_FOLD, news_collections, squad_collections

SIZES = (1, 5, 20, 100, 400, 0)
"""Numbers of stories of a part; 0 means all."""
QuestionKind = Literal["answerable", "near_miss", "other_year"]
QUESTION_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
ARTICLE = re.compile(r"\b(?:the|a|an)\b")
PUNCTUATION = re.compile(r"[^\w\s]")
SEPARATOR = re.compile(r"(?<=\d),(?=\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryQuestion:
    """A question about a story of a set, with its answers; none for a near miss."""

    text: str
    answers: tuple[str, ...]
    story: str
    dataset: str

    def answered_by(self, text: str) -> bool:
        """Return whether a text contains an answer, ignoring case, articles, punctuation and thousands separators."""
        found = f" {_normalise(text)} "
        return any(f" {normal} " in found for answer in self.answers if (normal := _normalise(answer)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedQuestion:
    """A question and the part that it is asked of: the ids of its documents and their number (empty and 0 for all)."""

    question: StoryQuestion
    kind: QuestionKind
    size: int
    document_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySets:
    """The paragraphs of each story by story id, the name of the set of each story, and the questions."""

    stories: Mapping[str, Sequence[str]]
    dataset_of: Mapping[str, str]
    questions: Sequence[StoryQuestion]


def load_story_sets(newsqa: Path, news: Path, squad: Path, held_out: frozenset[str] | None = None) -> StorySets:
    """Read the three sets; with `held_out`, of NewsQA's questions only those about these stories."""
    stories: dict[str, Sequence[str]] = {}
    dataset_of: dict[str, str] = {}
    questions: list[StoryQuestion] = []
    for row in read_rows(newsqa / "corpus.jsonl"):
        story = row.text("article")
        stories[story] = [*stories.get(story, ()), row.text("text")]
        dataset_of[story] = "newsqa"
    for row in read_rows(newsqa / "queries.jsonl"):
        story = row.text("article")
        if held_out is None or story in held_out:
            answers = row.values["answers"]
            texts = tuple(str(answer) for answer in answers) if isinstance(answers, list) else ()
            questions.append(StoryQuestion(text=row.text("text"), answers=texts, story=story, dataset="newsqa"))
    for name, collections in (("news", news_collections(news)), ("squad", squad_collections(squad, HELD_OUT_FOLD))):
        for collection in collections:
            stories |= collection.stories
            dataset_of |= dict.fromkeys(collection.stories, name)
    questions += _own_questions(news, squad)
    return StorySets(stories=stories, dataset_of=dataset_of, questions=questions)


def _own_questions(news: Path, squad: Path) -> Iterator[StoryQuestion]:
    """Yield the project's questions on news, and the questions about SQuAD's held-out articles."""
    for collection in news_collections(news):
        for question in collection.questions:
            story = min((gold.document_id for gold in question.golds), default=next(iter(collection.stories)))
            yield StoryQuestion(text=question.text, answers=question.answers, story=story, dataset="news")
    for collection in squad_collections(squad, HELD_OUT_FOLD):
        for question in collection.questions:
            yield StoryQuestion(text=question.text, answers=question.answers, story=collection.name, dataset="squad")


def sized_questions(
    sets: StorySets, random: np.random.Generator, sizes_per_question: int, sizes: Sequence[int] = SIZES
) -> Iterator[SizedQuestion]:
    """Yield each question for `sizes_per_question` parts with its story, in different random sizes.

    An answerable question is also yielded for a part with stories of other sets only.
    """
    names = sorted(sets.stories)
    for question in sets.questions:
        others = [name for name in names if name != question.story]
        foreign = [name for name in names if sets.dataset_of[name] != question.dataset]
        kind: QuestionKind = "answerable" if question.answers else "near_miss"
        for size in random.permutation(sizes)[:sizes_per_question].tolist():
            drawn = [] if size == 0 else random.choice(others, min(size, len(names)) - 1, replace=False).tolist()
            ids = () if size == 0 else (question.story, *drawn)
            yield SizedQuestion(question=question, kind=kind, size=size, document_ids=ids)
        if question.answers:
            size = int(random.choice(sizes))
            count = len(foreign) if size == 0 else min(size, len(foreign))
            ids = tuple(random.choice(foreign, count, replace=False).tolist())
            yield SizedQuestion(question=question, kind="other_year", size=size, document_ids=ids)


def _normalise(text: str) -> str:
    text = PUNCTUATION.sub(" ", SEPARATOR.sub("", text.lower()))
    return " ".join(ARTICLE.sub(" ", text).split())
