"""What each part of the ranking is worth, on the seeds and outside: writes the tables of docs/retrieval.md.

Every question's scores are taken once from the engine, and put together again for each line of the tables.

Run: python -m wherefrom.eval.studies.ablation BENCH, where BENCH has squad2, scifact and articles.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from wherefrom.eval.measurement.beir_scores import MEASURES
from wherefrom.eval.measurement.runs import DEPTH, Ranking
from wherefrom.eval.metrics.calibration_metrics import Figure, Numbers, bootstrap, mean
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.reports.doc_sections import table, write_parts
from wherefrom.eval.studies.ablation_variants import BUILT_UP, TAKEN_OUT, WHOLE, Recipe, orders
from wherefrom.eval.studies.answer_sentences import held, held_rows
from wherefrom.eval.studies.candidate_scores import CandidateScores, gather
from wherefrom.eval.studies.question_sets import PAGE, Asked, Study, studies
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder

Values = Mapping[str, Numbers]
"""By measure, a number a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """A study and what each recipe gave, by the recipe; one that says nothing of it is not there.

    `sentences` has for each question what sentences hold its answer, where they were judged.
    """

    study: Study
    values: Mapping[Recipe, Values]
    sentences: Sequence[Mapping[str, bool]]

    @property
    def questions(self) -> int:
        """How many questions have an answer."""
        return len(next(iter(self.values[WHOLE].values())))


def main(
    bench: Annotated[Path, typer.Argument(help="A folder with squad2, scifact and articles.")],
    data: Annotated[Path, typer.Option(envvar="WHEREFROM_DATA", help="Where indexes of BEIR folders are kept.")] = Path(
        "var"
    ),
    page: Annotated[Path, typer.Option(help="The document whose tables are written.")] = PAGE,
) -> None:
    """Measure and write."""
    embedder = load_embedder()
    studied = [measure(study, embedder) for study in studies(bench, data, embedder)]
    sentences = table(held_rows({each.study.name: each.sentences for each in studied if each.sentences}))
    write_parts(page, {"built up": built_up(studied), "taken out": taken_out(studied), "sentences": sentences})


def measure(study: Study, embedder: Embedder) -> Studied:
    """Rank every question of a study by every recipe that says something of it."""
    recipes = [each for each in dict.fromkeys([*BUILT_UP.values(), *TAKEN_OUT.values()]) if says_something(each, study)]
    values: dict[Recipe, dict[str, list[float]]] = {recipe: {name: [] for name in study.measures} for recipe in recipes}
    sentences: list[Mapping[str, bool]] = []
    for library, asked in study.open():
        sentences += held(library, asked)
        found = gather(library, embedder, [each.text for each in asked], reembed=study.short)
        with progress_bar(f"ranking {study.name}", len(asked)) as progress:
            for each, evidence in zip(asked, found, strict=True):
                for recipe, ranking in _rankings(each, evidence, recipes):
                    for name, told in values[recipe].items():
                        told.append(MEASURES[name](ranking))
                progress(1)
    arrays = {recipe: {name: np.array(told) for name, told in of.items()} for recipe, of in values.items()}
    return Studied(study=study, values=arrays, sentences=sentences)


def _rankings(asked: Asked, evidence: CandidateScores, recipes: Sequence[Recipe]) -> Iterator[tuple[Recipe, Ranking]]:
    for recipe, ranked in orders(evidence, recipes).items():
        yield recipe, asked.judge([evidence.passages[at] for at in ranked[:DEPTH].tolist()])


def says_something(recipe: Recipe, study: Study) -> bool:
    """Whether a recipe differs from the whole on a study: not every one has a paragraph before, or counts tokens."""
    if not study.follow and (recipe.tokens == "alone" or recipe == Recipe(leaning=False)):
        return False
    return study.short or recipe.tokens in {None, "head"}


def built_up(studied: Sequence[Studied]) -> str:
    """A line a recipe, a column a study: the means, and under the whole their intervals."""
    rows = [[name, *(_means(each, recipe) for each in studied)] for name, recipe in BUILT_UP.items()]
    return table([["", *(_head(each) for each in studied)], *rows, ["95 % interval", *map(_interval, studied)]])


def taken_out(studied: Sequence[Studied]) -> str:
    """A line a part, a column a study: how much is lost without it, in bold where chance does not explain it."""
    heads = [f"{each.study.name}, {each.study.measures[-1]}" for each in studied]
    rows = [[name, *(_lost(each, recipe) for each in studied)] for name, recipe in TAKEN_OUT.items()]
    return table([["without", *heads], *rows])


def _head(each: Studied) -> str:
    return f"{each.study.name} ({each.questions}): {' / '.join(each.study.measures)}"


def _means(each: Studied, recipe: Recipe) -> str:
    if recipe not in each.values:
        return ""
    return " / ".join(_short(mean(values)) for values in each.values[recipe].values())


def _interval(each: Studied) -> str:
    figures = (bootstrapped(values) for values in each.values[WHOLE].values())
    return " / ".join(f"{_short(figure.low)} to {_short(figure.high)}" for figure in figures)


def _lost(each: Studied, recipe: Recipe) -> str:
    if recipe not in each.values:
        return ""
    name = each.study.measures[-1]
    change = bootstrapped(each.values[recipe][name] - each.values[WHOLE][name])
    told = f"{change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})"
    return f"**{told}**" if change.low > 0 or change.high < 0 else told


def bootstrapped(values: Numbers) -> Figure:
    """The mean of a number a question, with its interval."""
    return bootstrap(lambda at: mean(values[at]), len(values))


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


if __name__ == "__main__":
    typer.run(main)
