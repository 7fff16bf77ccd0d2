"""The questions, and the paragraphs that answer them.

A gold is a document and a quotation. It knows no paragraph numbers: those are looked up in the index that is
measured, so that a gold which the index does not hold is an error and never a miss.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from wherefrom.eval.datasets.jsonl import EvalDataError, Row, read_rows
from wherefrom.index.errors import DocumentNotFound
from wherefrom.index.types import Paragraph

Kind = Literal["answerable", "near_miss", "other_topic", "debris", "nonsense"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """Words of a paragraph that answer a question, and the shortest answer inside them."""

    document: str
    quote: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of the questions file; `own_words` says that it is asked in the article's own words."""

    id: str
    question: str
    kind: Kind
    golds: tuple[Gold, ...]
    own_words: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """A paragraph of a document; `paragraph` is its 1-based number."""

    document_id: str
    paragraph: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuestion:
    """A question, and for each of its golds the paragraph that it stands in."""

    question: Question
    places: tuple[Place, ...]

    def answered_by(self, place: Place, text: str) -> bool:
        """Whether a text of a paragraph holds the answer of a gold that stands there."""
        golds = zip(self.question.golds, self.places, strict=True)
        return any(stands == place and gold.answer in collapse(text) for gold, stands in golds)


Paragraphs = Callable[[str], Sequence[Paragraph]]


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read a questions file. Raises EvalDataError, naming file, line and field."""
    questions = tuple(_question(row) for row in read_rows(path))
    if not questions:
        raise EvalDataError(path, "holds no question")
    for field in ("id", "question"):
        _refuse_repeats(path, field, ((question.line, str(getattr(question, field))) for question in questions))
    return questions


def locate(questions: Iterable[Question], paragraphs: Paragraphs, path: Path) -> tuple[JudgedQuestion, ...]:
    """Find each gold's one paragraph in the index. Raises EvalDataError where there is none or more than one."""
    return tuple(
        JudgedQuestion(question=question, places=tuple(_places(question, paragraphs, path))) for question in questions
    )


def collapse(text: str) -> str:
    """White space runs made one space, none at the ends."""
    return " ".join(text.split())


def _question(row: Row) -> Question:
    kind = next((known for known in KINDS if known == row.text("kind")), None)
    if kind is None:
        raise row.error("kind", f"must be one of {', '.join(KINDS)}, is {row.text('kind')!r}")
    golds = tuple(_gold(gold) for gold in row.rows("golds"))
    if (kind == "answerable") != bool(golds):
        raise row.error("golds", "an answerable question has at least one, any other question has none")
    return Question(
        id=row.text("id"),
        question=row.text("question"),
        kind=kind,
        golds=golds,
        own_words=row.flag("own_words"),
        line=row.line,
    )


def _gold(row: Row) -> Gold:
    gold = Gold(
        document=row.text("document"),
        quote=collapse(row.text("quote")),
        answer=collapse(row.text("answer")),
    )
    if gold.answer not in gold.quote:
        raise row.error("answer", f"{gold.answer!r} does not stand in the quote {gold.quote!r}")
    return gold


def _places(question: Question, paragraphs: Paragraphs, path: Path) -> Iterator[Place]:
    for number, gold in enumerate(question.golds):
        field = f"golds[{number}]"
        try:
            held = paragraphs(gold.document)
        except DocumentNotFound as error:
            raise EvalDataError(path, str(error), line=question.line, field=f"{field}.document") from error
        found = [paragraph.number for paragraph in held if gold.quote in collapse(paragraph.text)]
        if len(found) != 1:
            reason = f"{gold.quote!r} stands in {len(found)} paragraphs of {gold.document}, must stand in one"
            raise EvalDataError(path, reason, line=question.line, field=f"{field}.quote")
        yield Place(document_id=gold.document, paragraph=found[0])


def _refuse_repeats(path: Path, field: str, values: Iterable[tuple[int, str]]) -> None:
    seen: dict[str, int] = {}
    for line, value in values:
        if value in seen:
            raise EvalDataError(path, f"{value!r} is on line {seen[value]} already", line=line, field=field)
        seen[value] = line
