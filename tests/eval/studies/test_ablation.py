"""The ablation study on small collections, with an embedder that needs no model."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.support.eval_samples import beir_folder, write_jsonl
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.studies.ablation import AblationResult, applies_to, cumulative_table, leave_one_out_table, measure
from wherefrom.eval.studies.ablation_variants import CUMULATIVE, FIRST_STAGE, FULL, LEAVE_ONE_OUT, Variant
from wherefrom.eval.studies.question_sets import QuestionSet, question_sets

NAMES = ["seeds", "seeds, hard", "news", "SQuAD, left out and cut", "SQuAD", "SciFact"]


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """Return a folder in the layout of the benchmarks, with two small BEIR corpora and a news story."""
    for name in ("squad2", "scifact"):
        beir_folder(tmp_path / name)
    write_jsonl(
        tmp_path / "articles" / "articles.jsonl", [{"id": "s1", "body": "Cats hunt mice.\n\nThey sleep all day."}]
    )
    return tmp_path


def question_set(bench: Path, name: str) -> QuestionSet:
    return next(each for each in question_sets(bench, bench / "data", WordEmbedder()) if each.name == name)


def ablation_result(**values: Sequence[float]) -> AblationResult:
    few = QuestionSet(
        name="few",
        measures=("hit@1", "mrr@10"),
        short_paragraphs=True,
        consecutive_paragraphs=True,
        open=lambda: iter(()),
    )
    full = np.array(values["full"])
    without = np.array(values["without"])
    return AblationResult(
        question_set=few,
        values={
            FULL: {"hit@1": full, "mrr@10": full},
            FIRST_STAGE: {"hit@1": without, "mrr@10": without},
        },
        sentences=(),
    )


def test_the_question_sets_are_the_seeds_and_four_from_outside(bench: Path) -> None:
    assert [each.name for each in question_sets(bench, bench, WordEmbedder())] == NAMES


def test_the_seeds_are_ranked_by_every_variant(bench: Path) -> None:
    result = measure(question_set(bench, "seeds"), WordEmbedder())
    assert set(result.values) == {*CUMULATIVE.values(), *LEAVE_ONE_OUT.values()}
    assert result.questions == 110
    full = result.values[FULL]
    assert 0 < full["hit@1"].mean() < full["mrr@10"].mean() < full["hit@5"].mean() < 1


def test_long_paragraphs_are_ranked_by_the_variants_that_apply(bench: Path) -> None:
    result = measure(question_set(bench, "SciFact"), WordEmbedder())
    assert {variant.tokens for variant in result.values} == {None, "head"}
    assert result.values[FULL]["ndcg@10"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("variant", "name", "expected"),
    [
        (Variant(tokens="alone"), "SQuAD", False),
        (Variant(tokens="alone"), "news", True),
        (Variant(context=False), "SQuAD", False),
        (Variant(tokens="whole"), "SQuAD", True),
        (Variant(tokens="whole"), "SciFact", False),
    ],
)
def test_a_variant_applies_where_its_part_has_an_effect(
    bench: Path,
    variant: Variant,
    name: str,
    expected: bool,  # noqa: FBT001
) -> None:
    assert applies_to(variant, question_set(bench, name)) == expected


def test_the_change_is_the_mean_of_the_differences_per_question() -> None:
    text = leave_one_out_table([ablation_result(full=[1.0] * 20, without=[0.0, 0.5] * 10)])
    assert "| without | few, mrr@10 |" in text
    assert "| late interaction | **-0.750 (" in text
    assert "| BM25 |  |" in text


def test_an_insignificant_change_is_not_in_bold() -> None:
    text = leave_one_out_table([ablation_result(full=[1.0, 0.0] * 10, without=[0.0, 1.0] * 10)])
    assert "| late interaction | +0.000 (-" in text
    assert "**" not in text


def test_the_last_row_has_the_intervals_of_the_full_ranking() -> None:
    lines = cumulative_table([ablation_result(full=[1.0, 0.0] * 10, without=[0.0] * 20)]).splitlines()
    assert lines[0] == "|  | few (20): hit@1 / mrr@10 |"
    assert "| + context BM25 (a share of the paragraph before) | .000 / .000 |" in lines
    assert "| + learned weights: **the full ranking** | .500 / .500 |" in lines
    assert lines[-1].startswith("| 95 % interval | .300 to .7")
