"""Events that several stories report: whether confidence still tells right passages from wrong ones.

`eval/questions_events.jsonl` has 75 questions on 19 events, each reported by two to six news stories, by an author who
never saw the system: 50 that one or more of the stories answer, and 25 near misses. Each question is asked of the
stories about its event, and of all stories.

Run: python -m wherefrom.eval.studies.news.event_reports NEWS_FOLDER
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from wherefrom.eval.datasets.jsonl import Row, read_rows
from wherefrom.eval.datasets.questions import EVAL
from wherefrom.eval.datasets.sized_collections import StoryQuestion
from wherefrom.eval.datasets.small_collections import news_collections
from wherefrom.eval.metrics.calibration_metrics import auc, calibration_error, mean
from wherefrom.eval.reports.text_report import TableRows, print_rows
from wherefrom.eval.studies.news.follow_ups import stored
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.library import Library
from wherefrom.index.types import EFFORTS, Answer, Effort, Filters

QUESTIONS = EVAL / "questions_events.jsonl"
SCOPES = ("the event's stories", "all stories")
HEADINGS = [
    "",
    "right",
    "AUC, answerable",
    "AUC, right",
    "calibration error",
    "answered of right",
    "answered but wrong",
    "near misses answered",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuestion:
    """A question about an event, the ids of the stories about it, and of those with an answer; none in a near miss."""

    question: StoryQuestion
    articles: tuple[str, ...]
    answered_in: frozenset[str]

    def is_right(self, answer: Answer) -> bool:
        """Return whether the first passage is from a story that answers the question, and contains an answer."""
        return any(
            first.citation.document_id in self.answered_in and self.question.answered_by(first.text)
            for first in answer.passages[:1]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EventResult:
    """The answer to a question in one scope."""

    asked: EventQuestion
    scope: str
    answer: Answer


def main(
    news: Annotated[Path, typer.Argument(help="A folder with articles.jsonl.")], questions: Path = QUESTIONS
) -> None:
    """Ask all questions with each effort, and report the figures of confidence."""
    stories = {id_: texts for each in news_collections(news) for id_, texts in each.stories.items()}
    asked = load_event_questions(questions)
    with stored(stories, load_embedder()) as library:
        for effort in EFFORTS:
            results = list(ask_events(asked, library, effort))
            print_rows(Console(), f"{len(asked)} questions on events, {effort}", rows(results))


def load_event_questions(path: Path) -> Sequence[EventQuestion]:
    """Read a file of questions. Raise EvalDataError."""
    return [
        EventQuestion(
            question=StoryQuestion(
                text=row.text("question"), answers=_texts(row, "answers"), story=row.text("event"), dataset="news"
            ),
            articles=_texts(row, "articles"),
            answered_in=frozenset(_texts(row, "answered_in")),
        )
        for row in read_rows(path)
    ]


def ask_events(asked: Sequence[EventQuestion], library: Library, effort: Effort) -> Iterator[EventResult]:
    """Ask each question of the stories about its event, and of all stories."""
    for each in asked:
        for scope, ids in zip(SCOPES, (each.articles, ()), strict=True):
            answer = library.ask(each.question.text, filters=Filters(document_id=ids), effort=effort)
            yield EventResult(asked=each, scope=scope, answer=answer)


def rows(results: Sequence[EventResult]) -> TableRows:
    """Return the figures of each scope: the AUCs of all questions, the last of near misses, the others of the rest."""
    table = [HEADINGS]
    for scope in SCOPES:
        group = [each for each in results if each.scope == scope]
        right = np.array([each.asked.is_right(each.answer) for each in group])
        answerable = np.array([bool(each.asked.answered_in) for each in group])
        answered = np.array([each.answer.status == "answered" for each in group])
        confidence = np.array([each.answer.confidence for each in group])
        figures = [
            mean(right[answerable].astype(float)),
            auc(confidence, answerable),
            auc(confidence, right),
            calibration_error(confidence[answerable], right[answerable]),
            mean(answered[right].astype(float)),
            mean((answered & ~right)[answerable].astype(float)),
            mean(answered[~answerable].astype(float)),
        ]
        table.append([scope, *(f"{figure:.3f}" for figure in figures)])
    return table


def _texts(row: Row, name: str) -> tuple[str, ...]:
    values = row.values[name]
    return tuple(map(str, values)) if isinstance(values, list) else ()


if __name__ == "__main__":
    typer.run(main)
