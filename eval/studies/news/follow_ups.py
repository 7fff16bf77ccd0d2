"""Follow-ups: hit@1 of questions that refer to the question before them.

`eval/questions_follow_ups.jsonl` has 60 pairs of a question on news and a follow-up, each with the follow-up written
out in full. For each pair the question is asked, then the follow-up in the context of its answer, alone, and written
out. The stories are in collections of five, and all in one. The rules were developed on the half `development`.

An unrelated context must not make the answer to a question that is not a follow-up worse: the questions on the seeds,
and the written-out ones, are each asked in the context of another question, in random order.

Run: python -m wherefrom.eval.studies.news.follow_ups NEWS_FOLDER
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.datasets.jsonl import read_rows
from wherefrom.eval.datasets.questions import EVAL, SEEDS, Question, collapse_whitespace, load_questions
from wherefrom.eval.datasets.small_collections import news_collections
from wherefrom.eval.measurement.seeds import indexed_seeds
from wherefrom.eval.reports.text_report import TableRows, print_rows
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, Effort

PAIRS = EVAL / "questions_follow_ups.jsonl"
SEED_QUESTIONS = EVAL / "questions.jsonl"
RANDOM_SEED = 19
WAYS = ("in context", "alone", "written out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question and its follow-up about one story; `answer` is a text in the paragraph that answers the follow-up."""

    article: str
    half: str
    question: str
    follow_up: str
    written_out: str
    answer: str

    def is_hit(self, answer: Answer) -> bool:
        """Return whether the first passage answers the follow-up."""
        if not answer.passages:
            return False
        first = answer.passages[0]
        return first.citation.document_id == self.article and self.answer.casefold() in first.text.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class PairResult:
    """Whether each way of asking a follow-up has a hit, and whether the follow-up was recognised."""

    half: str
    hits: Mapping[str, bool]
    recognised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """A question that is not a follow-up, and the function that judges the first passage of an answer."""

    text: str
    is_hit: Callable[[Answer], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnrelatedResult:
    """Whether a question has a hit alone and in an unrelated context, and how the two answers differ."""

    alone: bool
    in_context: bool
    is_changed: bool
    is_follow_up: bool


def main(
    news: Annotated[Path, typer.Argument(help="A folder with articles.jsonl.")],
    half: Annotated[str | None, typer.Option(help="Only this half: development or held_out.")] = None,
    effort: Annotated[Effort, typer.Option(help="The effort to answer with.")] = "fast",
) -> None:
    """Ask all pairs of collections of five stories and of all stories, and the seeds' questions of the seeds."""
    pairs = [pair for pair in load_pairs(PAIRS) if half in (None, pair.half)]
    embedder = load_embedder()
    groups = [collection.stories for collection in news_collections(news)]
    small = [result for stories in groups for result in ask_stories(pairs, stories, embedder, effort)]
    print_rows(Console(), f"follow-ups, collections of five stories, {effort}", rows(small))
    unrelated = {}
    with stored({id_: texts for stories in groups for id_, texts in stories.items()}, embedder) as library:
        large = [ask_pair(pair, library, effort) for pair in pairs]
        print_rows(Console(), f"follow-ups, one collection of all stories, {effort}", rows(large))
        written_out = [JudgedText(text=pair.written_out, is_hit=pair.is_hit) for pair in pairs]
        unrelated["news, written out"] = list(ask_unrelated(written_out, library, effort))
    with indexed_seeds(SEEDS, embedder) as library:
        unrelated["seeds"] = list(ask_unrelated(_seed_questions(), library, effort))
    print_rows(Console(), f"questions of their own in an unrelated context, {effort}", unrelated_rows(unrelated))


@contextmanager
def stored(stories: Mapping[str, Sequence[str]], embedder: Embedder) -> Iterator[Library]:
    """Open a library of stories, which is deleted on exit."""
    with TemporaryDirectory() as data, Library.open(Path(data), embedder=embedder) as library:
        library.put_many((id_, build_document(id_, texts)) for id_, texts in stories.items())
        yield library


def load_pairs(path: Path) -> Sequence[Pair]:
    """Read a file of pairs. Raise EvalDataError."""
    return [
        Pair(
            article=row.text("article"),
            half=row.text("half"),
            question=row.text("question"),
            follow_up=row.text("follow_up"),
            written_out=row.text("written_out"),
            answer=row.text("answer"),
        )
        for row in read_rows(path)
    ]


def ask_stories(
    pairs: Sequence[Pair], stories: Mapping[str, Sequence[str]], embedder: Embedder, effort: Effort
) -> Iterator[PairResult]:
    """Ask the pairs that are about some stories of a collection of these stories, given by id."""
    own = [pair for pair in pairs if pair.article in stories]
    if own:
        with stored(stories, embedder) as library:
            yield from [ask_pair(pair, library, effort) for pair in own]


def ask_pair(pair: Pair, library: Library, effort: Effort) -> PairResult:
    """Ask the question of a pair, and then its follow-up in each of the ways."""
    context = library.ask(pair.question, effort=effort).as_context()
    answers = {
        "in context": library.ask(pair.follow_up, context=context, effort=effort),
        "alone": library.ask(pair.follow_up, effort=effort),
        "written out": library.ask(pair.written_out, effort=effort),
    }
    follow_up = answers["in context"].follow_up
    return PairResult(
        half=pair.half,
        hits={way: pair.is_hit(answer) for way, answer in answers.items()},
        recognised=follow_up is not None and follow_up.is_follow_up,
    )


def ask_unrelated(questions: Sequence[JudgedText], library: Library, effort: Effort) -> Iterator[UnrelatedResult]:
    """Ask each question alone, and in the context of another one's answer, in random order."""
    order = list(questions)
    random.Random(RANDOM_SEED).shuffle(order)  # noqa: S311 - reproducible, no secret
    alone = [library.ask(question.text, effort=effort) for question in order]
    for question, answer, before in zip(order, alone, [*alone[-1:], *alone[:-1]], strict=True):
        asked = library.ask(question.text, context=before.as_context(), effort=effort)
        yield UnrelatedResult(
            alone=question.is_hit(answer),
            in_context=question.is_hit(asked),
            is_changed=[each.passage_id for each in answer.passages] != [each.passage_id for each in asked.passages],
            is_follow_up=asked.follow_up is not None and asked.follow_up.is_follow_up,
        )


def rows(results: Sequence[PairResult]) -> TableRows:
    """Return by half the hit@1 of each way of asking, and the ratio of follow-ups in context to written-out ones."""
    halves = {
        "all": results,
        **{half: [r for r in results if r.half == half] for half in sorted({r.half for r in results})},
    }
    table = [["", "pairs", *WAYS, "in context / written out", "recognised"]]
    for name, group in halves.items():
        hits = {way: sum(each.hits[way] for each in group) for way in WAYS}
        share = f"{hits['in context'] / hits['written out']:.2f}" if hits["written out"] else "-"
        shares = [f"{hits[way] / len(group):.3f}" for way in WAYS]
        recognised = sum(each.recognised for each in group)
        table.append([name, str(len(group)), *shares, share, f"{recognised / len(group):.3f}"])
    return table


def unrelated_rows(results: Mapping[str, Sequence[UnrelatedResult]]) -> TableRows:
    """Return by set the number of hits, and the number of answers that an unrelated context changed."""
    table = [["", "questions", "hits alone", "hits in an unrelated context", "other passages", "taken for follow-ups"]]
    for name, group in results.items():
        counts = [
            sum(flags)
            for flags in (
                [each.alone for each in group],
                [each.in_context for each in group],
                [each.is_changed for each in group],
                [each.is_follow_up for each in group],
            )
        ]
        table.append([name, str(len(group)), *map(str, counts)])
    return table


def _seed_questions() -> Sequence[JudgedText]:
    return [
        JudgedText(text=each.question, is_hit=partial(_holds_gold, each)) for each in load_questions(SEED_QUESTIONS)
    ]


def _holds_gold(question: Question, answer: Answer) -> bool:
    first = answer.passages[0] if answer.passages else None
    return first is not None and any(
        gold.document == first.citation.document_id and gold.quote in collapse_whitespace(first.text)
        for gold in question.golds
    )


if __name__ == "__main__":
    typer.run(main)
