"""Questions from outside the project over small collections of news-length paragraphs.

Each article of SQuAD is a collection, with its paragraphs cut to one or two sentences; of news stories, five form a
collection. Both have questions that the stories answer, and near misses: questions on the same topics without an
answer in the stories.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.beir import CORPUS, QRELS, QUERIES
from wherefrom.eval.datasets.documents import cut_to_news_length
from wherefrom.eval.datasets.jsonl import read_lines, read_rows
from wherefrom.eval.datasets.questions import EVAL, ParagraphRef

NEWS_QUESTIONS = EVAL / "questions_news.jsonl"
NEWS_STORIES = "articles.jsonl"
STORIES_PER_COLLECTION = 5
FOLDS = 5
HELD_OUT_FOLD = 0
"""The fold of SQuAD's articles that the token head is not trained on; confidence is fitted and measured on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionQuestion:
    """A question, its answers as texts, and the paragraphs that contain an answer; a near miss has neither."""

    text: str
    golds: frozenset[ParagraphRef]
    answers: tuple[str, ...] = ()

    def answered_by(self, paragraph: ParagraphRef, text: str) -> bool:
        """Return whether `text`, a part of `paragraph`, contains an answer."""
        return paragraph in self.golds and _contains_answer(text, self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The paragraphs of each story by story id, and the questions about the stories."""

    name: str
    stories: Mapping[str, Sequence[str]]
    questions: Sequence[CollectionQuestion]


@dataclass(frozen=True, slots=True, kw_only=True)
class _RawQuestion:
    """A question of a file; `owner` is the id of the paragraph or story that it was written about."""

    text: str
    answers: Sequence[str]
    owner: str


def squad_collections(folder: Path, fold: int | None = None) -> Iterator[Collection]:
    """Yield each article of a SQuAD 2.0 folder in BEIR form as a collection; with `fold`, only those of this fold."""
    articles = defaultdict(list)
    for row in read_rows(folder / CORPUS):
        articles[row.text("title")].append((row.text("id"), cut_to_news_length(row.text("text"))))
    questions = _squad_questions(folder)
    for number, (title, parts) in enumerate(sorted(articles.items())):
        if fold is None or number % FOLDS == fold:
            owners = [id_ for id_, cut in parts for _ in cut]
            paragraphs = [text for _, cut in parts for text in cut]
            raw = [question for id_, _ in parts for question in questions.get(id_, ())]
            located = [_locate(question, title, paragraphs, owners) for question in raw]
            yield Collection(name=title, stories={title: paragraphs}, questions=_without_cut_answers(located))


def news_collections(folder: Path, questions: Path = NEWS_QUESTIONS) -> Iterator[Collection]:
    """Yield the stories of `articles.jsonl` (`id`, `body`), five to a collection, with the project's own questions."""
    bodies = {row.text("id"): _lines(row.text("body")) for row in read_rows(folder / NEWS_STORIES)}
    by_story = defaultdict(list)
    for row in read_rows(questions):
        answers = [row.text("answer")] if row.flag("answerable") else []
        story = row.text("article")
        by_story[story].append(_RawQuestion(text=row.text("question").strip(), answers=answers, owner=story))
    ordered = sorted(bodies)
    for start in range(0, len(ordered), STORIES_PER_COLLECTION):
        group = ordered[start : start + STORIES_PER_COLLECTION]
        raw = [question for story in group for question in by_story[story]]
        located = [_locate(question, question.owner, bodies[question.owner]) for question in raw]
        stories = {id_: bodies[id_] for id_ in group}
        yield Collection(name=group[0], stories=stories, questions=_without_cut_answers(located))


def _squad_questions(folder: Path) -> Mapping[str, list[_RawQuestion]]:
    paragraph_of = dict(line.split("\t")[:2] for _, line in read_lines(folder / QRELS[0]))
    questions = defaultdict(list)
    for row in read_rows(folder / QUERIES):
        owner = paragraph_of[row.text("id")]
        answers = [str(answer) for answer in _list(row.values["answers"])]
        questions[owner].append(_RawQuestion(text=row.text("text").strip(), answers=answers, owner=owner))
    return questions


def _locate(
    question: _RawQuestion, story: str, paragraphs: Sequence[str], owners: Sequence[str] = ()
) -> CollectionQuestion:
    """Find the paragraphs with an answer; with `owners`, only among the paragraphs cut from the question's owner."""
    golds = frozenset(
        ParagraphRef(document_id=story, paragraph=number)
        for number, paragraph in enumerate(paragraphs, start=1)
        if (not owners or owners[number - 1] == question.owner) and _contains_answer(paragraph, question.answers)
    )
    return CollectionQuestion(text=question.text, golds=golds, answers=tuple(question.answers))


def _contains_answer(text: str, answers: Sequence[str]) -> bool:
    return any(answer.casefold() in text.casefold() for answer in answers)


def _without_cut_answers(questions: Sequence[CollectionQuestion]) -> tuple[CollectionQuestion, ...]:
    """Return the questions without those whose answers are in no paragraph, because they were cut in two."""
    return tuple(question for question in questions if question.golds or not question.answers)


def _lines(body: str) -> list[str]:
    return [" ".join(line.split()) for line in body.split("\n") if len(line.strip()) > 1]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
