"""Outside questions over small collections of news-length paragraphs, which is what the service is asked of.

SQuAD's articles are a collection each, their paragraphs cut to one or two sentences; news stories are five a
collection. Both have questions that their stories answer, and near misses that they do not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.beir import CORPUS, QRELS, QUERIES
from wherefrom.eval.datasets.jsonl import read_lines, read_rows
from wherefrom.eval.datasets.locations import EVAL
from wherefrom.eval.datasets.stories import news_length

NEWS = EVAL / "questions_news.jsonl"
STORIES_A_COLLECTION = 5
FOLDS = 5
Place = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideQuestion:
    """A question and the paragraphs (story, number) that hold one of its answers; none for a near miss."""

    text: str
    golds: frozenset[Place]
    answers: tuple[str, ...] = ()

    def answered_by(self, place: Place, text: str) -> bool:
        """Whether a text of a paragraph says an answer."""
        return place in self.golds and _said(self.answers, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Stories by id, each its paragraphs in order, and what is asked of them."""

    name: str
    stories: Mapping[str, Sequence[str]]
    questions: Sequence[OutsideQuestion]


def squad_collections(folder: Path, fold: int | None = None) -> Iterator[Collection]:
    """Each article of a SQuAD 2.0 folder in BEIR form; of one fifth of them where a fold is named."""
    articles = defaultdict(list)
    for row in read_rows(folder / CORPUS):
        articles[row.text("title")].append((row.text("id"), news_length(row.text("text"))))
    asked = _squad_questions(folder)
    for number, (title, parts) in enumerate(sorted(articles.items())):
        if fold is None or number % FOLDS == fold:
            owners = [id_ for id_, cut in parts for _ in cut]
            paragraphs = [text for _, cut in parts for text in cut]
            here = [each for id_, _ in parts for each in asked.get(id_, ())]
            questions = [_question(title, paragraphs, *each, among=owners) for each in here]
            yield Collection(name=title, stories={title: paragraphs}, questions=_usable(questions, here))


def news_collections(folder: Path, questions: Path = NEWS) -> Iterator[Collection]:
    """News stories from `articles.jsonl` (`id`, `body`), five a collection, with our own questions about them."""
    bodies = {row.text("id"): _lines(row.text("body")) for row in read_rows(folder / "articles.jsonl")}
    asked = defaultdict(list)
    for row in read_rows(questions):
        answers = [row.text("answer")] if row.flag("answerable") else []
        asked[row.text("article")].append((row.text("question").strip(), answers, row.text("article")))
    ordered = sorted(bodies)
    for start in range(0, len(ordered), STORIES_A_COLLECTION):
        group = ordered[start : start + STORIES_A_COLLECTION]
        here = [each for story in group for each in asked[story]]
        found = [_question(each[2], bodies[each[2]], *each) for each in here]
        yield Collection(name=group[0], stories={id_: bodies[id_] for id_ in group}, questions=_usable(found, here))


def _squad_questions(folder: Path) -> Mapping[str, list[tuple[str, list[str], str]]]:
    paragraph_of = dict(line.split("\t")[:2] for _, line in read_lines(folder / QRELS[0]))
    asked = defaultdict(list)
    for row in read_rows(folder / QUERIES):
        owner = paragraph_of[row.text("id")]
        answers = [str(answer) for answer in _list(row.values["answers"])]
        asked[owner].append((row.text("text").strip(), answers, owner))
    return asked


def _question(
    story: str, paragraphs: Sequence[str], text: str, answers: Sequence[str], owner: str, among: Sequence[str] = ()
) -> OutsideQuestion:
    """Its golds are the paragraphs that hold an answer, of those cut from the owner where it is known."""
    golds = frozenset(
        (story, number)
        for number, paragraph in enumerate(paragraphs, start=1)
        if (not among or among[number - 1] == owner) and _said(answers, paragraph)
    )
    return OutsideQuestion(text=text, golds=golds, answers=tuple(answers))


def _said(answers: Sequence[str], text: str) -> bool:
    return any(answer.casefold() in text.casefold() for answer in answers)


def _usable(
    questions: Sequence[OutsideQuestion], asked: Sequence[tuple[str, Sequence[str], str]]
) -> tuple[OutsideQuestion, ...]:
    """Without those whose answer was cut in two."""
    return tuple(
        question for question, (_, answers, _) in zip(questions, asked, strict=True) if question.golds or not answers
    )


def _lines(body: str) -> list[str]:
    return [" ".join(line.split()) for line in body.split("\n") if len(line.strip()) > 1]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
