"""False premises: how often the confidence of a question is above that of its twin, which inverts a fact.

`eval/questions_false_premises.jsonl` has 100 pairs of a question on news and its twin, written by hand with an antonym
or a negation. Both are asked of the same five stories.

Run: python -m wherefrom.eval.studies.news.false_premises NEWS_FOLDER
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.datasets.jsonl import read_rows
from wherefrom.eval.datasets.questions import EVAL
from wherefrom.eval.datasets.small_collections import news_collections
from wherefrom.eval.metrics.calibration_metrics import proportion
from wherefrom.eval.reports.text_report import TableRows, print_rows
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.types import EFFORTS, Answer, Effort

PAIRS = EVAL / "questions_false_premises.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question and its twin about one story; `kind` is the way in which the twin was made."""

    article: str
    question: str
    twin: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairResult:
    """The answers to a pair, with one effort."""

    kind: str
    true: Answer
    false: Answer


def main(news: Annotated[Path, typer.Argument(help="A folder with articles.jsonl.")], pairs: Path = PAIRS) -> None:
    """Ask all pairs with each effort, and report how often the true question has the higher confidence."""
    loaded = load_pairs(pairs)
    embedder = load_embedder()
    for effort in EFFORTS:
        results = list(ask_pairs(loaded, news, embedder, effort))
        print_rows(Console(), f"{len(results)} pairs, {effort}", rows(results))


def load_pairs(path: Path) -> Sequence[Pair]:
    """Read a file of pairs. Raise EvalDataError."""
    return [
        Pair(
            article=row.text("article"),
            question=row.text("question"),
            twin=row.text("false_premise"),
            kind=row.text("kind"),
        )
        for row in read_rows(path)
    ]


def ask_pairs(pairs: Sequence[Pair], news: Path, embedder: Embedder, effort: Effort) -> Iterator[PairResult]:
    """Ask each pair of the collection with its story."""
    for collection in news_collections(news):
        own = [pair for pair in pairs if pair.article in collection.stories]
        if own:
            with TemporaryDirectory() as data, Library.open(Path(data), embedder=embedder) as library:
                library.put_many((id_, build_document(id_, texts)) for id_, texts in collection.stories.items())
                for pair in own:
                    yield PairResult(
                        kind=pair.kind,
                        true=library.ask(pair.question, effort=effort),
                        false=library.ask(pair.twin, effort=effort),
                    )


def rows(results: Sequence[PairResult]) -> TableRows:
    """Return by kind the share of pairs whose true question has the higher confidence, and the shares of answers."""
    by_kind: Mapping[str, Sequence[PairResult]] = {
        "all": results,
        **{kind: [each for each in results if each.kind == kind] for kind in sorted({each.kind for each in results})},
    }
    table = [["", "true surer", "95 % interval", "true answered", "false answered"]]
    for kind, group in by_kind.items():
        surer = proportion(sum(each.true.confidence > each.false.confidence for each in group), len(group))
        answered = [
            sum(answer.status == "answered" for answer in answers) / len(group)
            for answers in ([each.true for each in group], [each.false for each in group])
        ]
        interval = f"{surer.low:.3f} to {surer.high:.3f}"
        table.append([kind, f"{surer.value:.3f}", interval, *(f"{share:.3f}" for share in answered)])
    return table


if __name__ == "__main__":
    typer.run(main)
