"""Measures the contribution of each part of the ranking, on the seeds and outside: the tables of docs/retrieval.md.

The scores of each question's candidates are taken from the engine once, and combined again for each row of the tables.

Run: python -m wherefrom.eval.studies.ablation BENCH, where BENCH has squad2, scifact and articles.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from wherefrom.eval.measurement.beir import MEASURES
from wherefrom.eval.measurement.runs import RANKING_DEPTH, JudgedRanking
from wherefrom.eval.metrics.calibration_metrics import Figure, Numbers, bootstrap, mean
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.reports.doc_sections import RETRIEVAL_PAGE, table, write_parts
from wherefrom.eval.studies.ablation_variants import CUMULATIVE, FULL, LEAVE_ONE_OUT, Variant, rank_variants
from wherefrom.eval.studies.answer_sentences import sentence_hits, sentence_rows
from wherefrom.eval.studies.candidate_scores import CandidateScores, collect_scores
from wherefrom.eval.studies.question_sets import QuestionSet, StudyQuestion, question_sets
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder

Values = Mapping[str, Numbers]
"""One number per question, by measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationResult:
    """The values of each variant on a question set; variants that do not apply to the set are missing.

    `sentences` says for each question which choices of sentences contain its answer, where sentences were judged.
    """

    question_set: QuestionSet
    values: Mapping[Variant, Values]
    sentences: Sequence[Mapping[str, bool]]

    @property
    def questions(self) -> int:
        """The number of questions that have an answer."""
        return len(next(iter(self.values[FULL].values())))


def main(
    bench: Annotated[Path, typer.Argument(help="A folder with squad2, scifact and articles.")],
    data: Annotated[
        Path, typer.Option(envvar="WHEREFROM_DATA", help="Folder that keeps the indexes of BEIR corpora.")
    ] = Path("var"),
    page: Annotated[Path, typer.Option(help="The document that the tables are written into.")] = RETRIEVAL_PAGE,
) -> None:
    """Measure every question set, and write the tables."""
    embedder = load_embedder()
    results = [measure(question_set, embedder) for question_set in question_sets(bench, data, embedder)]
    judged = {result.question_set.name: result.sentences for result in results if result.sentences}
    tables = {
        "built up": cumulative_table(results),
        "taken out": leave_one_out_table(results),
        "sentences": table(sentence_rows(judged)),
    }
    write_parts(page, tables)


def measure(question_set: QuestionSet, embedder: Embedder) -> AblationResult:
    """Rank every question of a set by every variant that applies to the set."""
    variants = [
        variant
        for variant in dict.fromkeys([*CUMULATIVE.values(), *LEAVE_ONE_OUT.values()])
        if applies_to(variant, question_set)
    ]
    values: dict[Variant, dict[str, list[float]]] = {
        variant: {name: [] for name in question_set.measures} for variant in variants
    }
    sentences: list[Mapping[str, bool]] = []
    for library, questions in question_set.open():
        sentences += sentence_hits(library, questions)
        texts = [question.text for question in questions]
        scores = collect_scores(library, embedder, texts, reembed=question_set.short_paragraphs)
        with progress_bar(f"ranking {question_set.name}", len(questions)) as progress:
            for question, candidates in zip(questions, scores, strict=True):
                for variant, ranking in _rankings(question, candidates, variants):
                    for name, of_questions in values[variant].items():
                        of_questions.append(MEASURES[name](ranking))
                progress(1)
    return AblationResult(
        question_set=question_set,
        values={
            variant: {name: np.array(numbers) for name, numbers in by_measure.items()}
            for variant, by_measure in values.items()
        },
        sentences=sentences,
    )


def _rankings(
    question: StudyQuestion, candidates: CandidateScores, variants: Sequence[Variant]
) -> Iterator[tuple[Variant, JudgedRanking]]:
    for variant, order in rank_variants(candidates, variants).items():
        yield variant, question.judge([candidates.passages[at] for at in order[:RANKING_DEPTH].tolist()])


def applies_to(variant: Variant, question_set: QuestionSet) -> bool:
    """Return whether a variant can differ from the full ranking on a question set.

    Context needs a paragraph before, and comparing tokens needs short paragraphs.
    """
    uses_context = variant.tokens == "alone" or variant == Variant(context=False)
    if uses_context and not question_set.consecutive_paragraphs:
        return False
    return question_set.short_paragraphs or variant.tokens in {None, "head"}


def cumulative_table(results: Sequence[AblationResult]) -> str:
    """Return a row per variant and a column per question set: the means, and the intervals of the full ranking."""
    rows = [[name, *(_means(result, variant) for result in results)] for name, variant in CUMULATIVE.items()]
    return table([["", *(_head(result) for result in results)], *rows, ["95 % interval", *map(_intervals, results)]])


def leave_one_out_table(results: Sequence[AblationResult]) -> str:
    """Return a row per part and a column per question set: the change without the part, in bold if significant."""
    heads = [f"{result.question_set.name}, {result.question_set.measures[-1]}" for result in results]
    rows = [[name, *(_change(result, variant) for result in results)] for name, variant in LEAVE_ONE_OUT.items()]
    return table([["without", *heads], *rows])


def _head(result: AblationResult) -> str:
    return f"{result.question_set.name} ({result.questions}): {' / '.join(result.question_set.measures)}"


def _means(result: AblationResult, variant: Variant) -> str:
    if variant not in result.values:
        return ""
    return " / ".join(_three_digits(mean(values)) for values in result.values[variant].values())


def _intervals(result: AblationResult) -> str:
    figures = (_mean_figure(values) for values in result.values[FULL].values())
    return " / ".join(f"{_three_digits(figure.low)} to {_three_digits(figure.high)}" for figure in figures)


def _change(result: AblationResult, variant: Variant) -> str:
    if variant not in result.values:
        return ""
    name = result.question_set.measures[-1]
    change = _mean_figure(result.values[variant][name] - result.values[FULL][name])
    text = f"{change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})"
    return f"**{text}**" if change.low > 0 or change.high < 0 else text


def _mean_figure(values: Numbers) -> Figure:
    return bootstrap(lambda at: mean(values[at]), len(values))


def _three_digits(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


if __name__ == "__main__":
    typer.run(main)
