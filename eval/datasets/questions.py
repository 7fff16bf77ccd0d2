"""The project's own questions, and the paragraphs that answer them (golds).

A gold names a document and a quotation, and no paragraph number: the paragraph is looked up in the index that is
measured, so that a gold that is missing from the index is an error and not a miss of the ranking.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from wherefrom.eval.datasets.jsonl import EvalDataError, Row, read_rows
from wherefrom.index.errors import DocumentNotFound
from wherefrom.index.types import Paragraph

EVAL = Path(__file__).resolve().parents[1]
"""The folder of the question files, the floors and the baseline runs."""
SEEDS = EVAL.parent / "seeds"
"""The sample articles that the questions are about."""

Kind = Literal["answerable", "near_miss", "other_topic", "debris", "nonsense"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A quotation that answers a question, and the shortest answer inside it."""

    document: str
    quote: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A line of a questions file; `own_words` marks a question in the article's own words."""

    id: str
    question: str
    kind: Kind
    golds: tuple[Gold, ...]
    own_words: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ParagraphRef:
    """A paragraph of a document; `paragraph` is its 1-based number."""

    document_id: str
    paragraph: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuestion:
    """A question, and for each of its golds the paragraph that contains it."""

    question: Question
    gold_paragraphs: tuple[ParagraphRef, ...]

    def answered_by(self, paragraph: ParagraphRef, text: str) -> bool:
        """Return whether `text`, a part of `paragraph`, contains the answer of a gold of that paragraph."""
        golds = zip(self.question.golds, self.gold_paragraphs, strict=True)
        return any(ref == paragraph and gold.answer in collapse_whitespace(text) for gold, ref in golds)


ParagraphLookup = Callable[[str], Sequence[Paragraph]]


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read a questions file. Raise EvalDataError, which names file, line and field."""
    questions = tuple(_question(row) for row in read_rows(path))
    if not questions:
        raise EvalDataError(path, "contains no questions")
    for field in ("id", "question"):
        _refuse_repeats(path, field, ((question.line, str(getattr(question, field))) for question in questions))
    return questions


def locate_golds(questions: Iterable[Question], paragraphs: ParagraphLookup, path: Path) -> tuple[JudgedQuestion, ...]:
    """Find the paragraph of each gold; `paragraphs` returns the paragraphs of a document by its id.

    Raise EvalDataError unless each gold is in exactly one paragraph of its document.
    """
    return tuple(
        JudgedQuestion(question=question, gold_paragraphs=tuple(_gold_paragraphs(question, paragraphs, path)))
        for question in questions
    )


def collapse_whitespace(text: str) -> str:
    """Replace every run of white space with one space, and strip the ends."""
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
        quote=collapse_whitespace(row.text("quote")),
        answer=collapse_whitespace(row.text("answer")),
    )
    if gold.answer not in gold.quote:
        raise row.error("answer", f"{gold.answer!r} is not in the quote {gold.quote!r}")
    return gold


def _gold_paragraphs(question: Question, paragraphs: ParagraphLookup, path: Path) -> Iterator[ParagraphRef]:
    for number, gold in enumerate(question.golds):
        field = f"golds[{number}]"
        try:
            candidates = paragraphs(gold.document)
        except DocumentNotFound as error:
            raise EvalDataError(path, str(error), line=question.line, field=f"{field}.document") from error
        numbers = [paragraph.number for paragraph in candidates if gold.quote in collapse_whitespace(paragraph.text)]
        if len(numbers) != 1:
            reason = f"{gold.quote!r} is in {len(numbers)} paragraphs of {gold.document}, must be in exactly one"
            raise EvalDataError(path, reason, line=question.line, field=f"{field}.quote")
        yield ParagraphRef(document_id=gold.document, paragraph=numbers[0])


def _refuse_repeats(path: Path, field: str, values: Iterable[tuple[int, str]]) -> None:
    seen: dict[str, int] = {}
    for line, value in values:
        if value in seen:
            raise EvalDataError(path, f"{value!r} is on line {seen[value]} already", line=line, field=field)
        seen[value] = line
