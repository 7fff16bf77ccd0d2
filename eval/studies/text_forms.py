"""Measures the loss when the same articles are given as old text: in capitals, with lines broken at a fixed width.

Each form is written to text files and indexed as `wherefrom index` does. The measures are the share of words that
cleaning keeps, and how often one of the first passages answers a question. The folder has `articles.jsonl` (`id`,
`text`) and `queries.jsonl` (`text`, `article`, `answers`). Run: python -m wherefrom.eval.studies.text_forms FOLDER
"""

import json
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from wherefrom.eval.datasets.jsonl import EvalDataError, Row, read_rows
from wherefrom.eval.measurement.beir import BATCH_SIZE
from wherefrom.eval.progress import progress_bar
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import SourceRejected
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, AskOptions, RawSource

WRAP_WIDTH = 68
"""The column at which lines are broken, as in wire copy."""
TOP_K = 5
SUFFIX = ".txt"
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question on one article, with the texts that answer it."""

    text: str
    article: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFigures:
    """The share of words that cleaning keeps of the articles in one form, and the shares of questions with hits.

    `words_kept` is a share of all words; the hits are shares of the questions, `None` if none was asked.
    """

    articles: int
    refused: int
    words_kept: float
    hit_at_1: float | None
    hit_at_5: float | None


def wrap(text: str, *, width: int = WRAP_WIDTH) -> str:
    """Return a text with the lines of each paragraph broken at a width, and a blank line between paragraphs."""
    return "\n\n".join("\n".join(textwrap.wrap(paragraph, width)) for paragraph in _paragraphs(text))


FORMS: Mapping[str, Callable[[str], str]] = {
    "as written": lambda text: text,
    "hard-wrapped": wrap,
    "capitals": str.upper,
    "hard-wrapped capitals": lambda text: wrap(text.upper()),
    "hard-wrapped capitals, paragraphs by indent": lambda text: _indented(text.upper()),
}
ASKED_FORMS = ("as written", "hard-wrapped capitals")


def load_articles(folder: Path, limit: int | None = None) -> dict[str, str]:
    """Return the texts of the articles by id, the first `limit` of them. Raise EvalDataError."""
    rows = list(read_rows(folder / "articles.jsonl"))
    return {row.text("id"): row.text("text") for row in rows[:limit]}


def load_questions(folder: Path, articles: Mapping[str, str]) -> list[Question]:
    """Return the questions on these articles. Raise EvalDataError."""
    rows = [row for row in read_rows(folder / "queries.jsonl") if row.text("article") in articles]
    return [Question(text=row.text("text"), article=row.text("article"), answers=_strings(row)) for row in rows]


def measure_form(articles: Mapping[str, str], questions: Sequence[Question], embedder: Embedder | None) -> FormFigures:
    """Index articles and ask the questions on them; without an embedder only cleaning is measured."""
    kept = {article: _kept_text(text) for article, text in articles.items()}
    words = {article: Counter(_words(text)) for article, text in articles.items()}
    common = sum((words[article] & Counter(_words(text))).total() for article, text in kept.items())
    hits = _ranks(articles, questions, embedder) if embedder else []
    return FormFigures(
        articles=len(articles),
        refused=sum(1 for text in kept.values() if not text),
        words_kept=common / max(sum(each.total() for each in words.values()), 1),
        hit_at_1=sum(rank == 1 for rank in hits) / len(hits) if hits else None,
        hit_at_5=sum(rank is not None for rank in hits) / len(hits) if hits else None,
    )


def report(figures: Mapping[str, FormFigures]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| articles | refused | words kept | hit@1 | hit@5 |", "| --- | --- | --- | --- | --- |"]
    for name, each in figures.items():
        shares = (each.words_kept, each.hit_at_1, each.hit_at_5)
        cells = " | ".join("" if share is None else f"{share:.3f}" for share in shares)
        lines.append(f"| {name} | {each.refused} of {each.articles} | {cells} |")
    return "\n".join(lines)


def main(
    folder: Annotated[Path, typer.Argument(help="A folder with articles.jsonl and queries.jsonl.")],
    *,
    articles: Annotated[int | None, typer.Option(help="Measure on the first articles only.")] = None,
    ask: Annotated[bool, typer.Option(help="Ask the questions too, which takes minutes.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Measure every form; exit code 2 for unusable data."""
    try:
        texts = load_articles(folder, articles)
        questions = load_questions(folder, texts) if ask else []
    except EvalDataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    embedder = load_embedder() if ask else None
    figures = {
        name: measure_form(
            {article: form(text) for article, text in texts.items()},
            questions,
            embedder if name in ASKED_FORMS else None,
        )
        for name, form in FORMS.items()
    }
    typer.echo(
        json.dumps({name: asdict(each) for name, each in figures.items()}, indent=2) if as_json else report(figures)
    )


def _strings(row: Row) -> tuple[str, ...]:
    answers = row.values.get("answers")
    if not isinstance(answers, list) or not all(isinstance(answer, str) for answer in answers):
        raise row.error("answers", f"must be a list of strings, is {answers!r}")
    return tuple(answers)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip()]


def _indented(text: str) -> str:
    return "\n".join(
        "\n".join(textwrap.wrap(paragraph, WRAP_WIDTH, initial_indent="    ")) for paragraph in _paragraphs(text)
    )


def _kept_text(text: str) -> str:
    """Return the text of the paragraphs that cleaning keeps, empty if the article is refused."""
    try:
        return "\n".join(
            paragraph.text for paragraph in extract(RawSource(name="article", raw=text.encode())).paragraphs
        )
    except SourceRejected:
        return ""


def _ranks(articles: Mapping[str, str], questions: Sequence[Question], embedder: Embedder) -> list[int | None]:
    """Return for each question the rank of the first passage that answers it, `None` if no returned passage does."""
    with TemporaryDirectory(prefix="wherefrom-eval-") as folder:
        for article, text in articles.items():
            (Path(folder) / f"{article}{SUFFIX}").write_text(text, encoding="utf-8")
        with (
            TemporaryDirectory(prefix="wherefrom-eval-") as data,
            Library.open(Path(data), embedder=embedder) as library,
        ):
            with progress_bar("Indexing", len(articles)) as advance:
                ingest(library, [Path(folder)], lambda _: advance(1))
            with progress_bar("Asking", len(questions)) as advance:
                ranks: list[int | None] = []
                for start in range(0, len(questions), BATCH_SIZE):
                    batch = questions[start : start + BATCH_SIZE]
                    answers = _answers(library, batch)
                    ranks += [_rank(question, answer) for question, answer in zip(batch, answers, strict=True)]
                    advance(len(batch))
    return ranks


def _answers(library: Library, questions: Sequence[Question]) -> list[Answer]:
    queries = library.encode([question.text for question in questions])
    with library.searcher() as searcher:
        return [
            searcher.answer(question.text, query, AskOptions(top_k=TOP_K))
            for question, query in zip(questions, queries, strict=True)
        ]


def _rank(question: Question, answer: Answer) -> int | None:
    """Return the rank of the first passage of the question's article with an answer, `None` if there is none."""
    answers = [" ".join(_words(text)) for text in question.answers]
    for rank, passage in enumerate(answer.passages, start=1):
        documents = {citation.document_id for citation in (passage.citation, *passage.also_in)}
        content = f" {' '.join(_words(passage.text))} "
        if f"{question.article}{SUFFIX}" in documents and any(f" {text} " in content for text in answers):
            return rank
    return None


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


if __name__ == "__main__":
    typer.run(main)
