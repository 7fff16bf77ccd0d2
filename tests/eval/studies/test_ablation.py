"""The ablation on collections of a few paragraphs, with an embedder that needs no model."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.support.eval_samples import beir_folder, write_jsonl
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.studies.ablation import Studied, built_up, measure, says_something, taken_out
from wherefrom.eval.studies.ablation_variants import BUILT_UP, FIRST_STAGE, TAKEN_OUT, WHOLE, Recipe
from wherefrom.eval.studies.question_sets import Study, studies

NAMES = ["seeds", "seeds, hard", "news", "SQuAD, left out and cut", "SQuAD", "SciFact"]


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """A folder in the form of the benchmarks: two of cats, tides and bread, and a story of them."""
    for name in ("squad2", "scifact"):
        beir_folder(tmp_path / name)
    write_jsonl(
        tmp_path / "articles" / "articles.jsonl", [{"id": "s1", "body": "Cats hunt mice.\n\nThey sleep all day."}]
    )
    return tmp_path


def study(bench: Path, name: str) -> Study:
    return next(each for each in studies(bench, bench / "data", WordEmbedder()) if each.name == name)


def studied(**values: Sequence[float]) -> Studied:
    short = Study(name="few", measures=("hit@1", "mrr@10"), short=True, follow=True, open=lambda: iter(()))
    whole = np.array(values["whole"])
    without = np.array(values["without"])
    return Studied(
        study=short,
        values={
            WHOLE: {"hit@1": whole, "mrr@10": whole},
            FIRST_STAGE: {"hit@1": without, "mrr@10": without},
        },
        sentences=(),
    )


def test_the_studies_are_the_seeds_and_four_from_outside(bench: Path) -> None:
    assert [each.name for each in studies(bench, bench, WordEmbedder())] == NAMES


def test_the_seeds_are_ranked_by_every_recipe(bench: Path) -> None:
    found = measure(study(bench, "seeds"), WordEmbedder())
    assert set(found.values) == {*BUILT_UP.values(), *TAKEN_OUT.values()}
    assert found.questions == 110
    whole = found.values[WHOLE]
    assert 0 < whole["hit@1"].mean() < whole["mrr@10"].mean() < whole["hit@5"].mean() < 1


def test_a_folder_is_ranked_by_what_says_something_of_it(bench: Path) -> None:
    found = measure(study(bench, "SciFact"), WordEmbedder())
    assert {recipe.tokens for recipe in found.values} == {None, "head"}
    assert found.values[WHOLE]["ndcg@10"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("recipe", "name", "told"),
    [
        (Recipe(tokens="alone"), "SQuAD", False),
        (Recipe(tokens="alone"), "news", True),
        (Recipe(leaning=False), "SQuAD", False),
        (Recipe(tokens="whole"), "SQuAD", True),
        (Recipe(tokens="whole"), "SciFact", False),
    ],
)
def test_a_cell_is_empty_where_a_part_does_nothing(bench: Path, recipe: Recipe, name: str, told: bool) -> None:  # noqa: FBT001
    assert says_something(recipe, study(bench, name)) == told


def test_what_is_lost_is_told_question_by_question() -> None:
    lost = taken_out([studied(whole=[1.0] * 20, without=[0.0, 0.5] * 10)])
    assert "| without | few, mrr@10 |" in lost
    assert "| late interaction | **-0.750 (" in lost
    assert "| BM25 |  |" in lost


def test_what_chance_explains_is_not_in_bold() -> None:
    told = taken_out([studied(whole=[1.0, 0.0] * 10, without=[0.0, 1.0] * 10)])
    assert "| late interaction | +0.000 (-" in told
    assert "**" not in told


def test_means_stand_over_their_intervals() -> None:
    lines = built_up([studied(whole=[1.0, 0.0] * 10, without=[0.0] * 20)]).splitlines()
    assert lines[0] == "|  | few (20): hit@1 / mrr@10 |"
    assert "| + leaning on the paragraph before | .000 / .000 |" in lines
    assert "| + learned weights: **the whole** | .500 / .500 |" in lines
    assert lines[-1].startswith("| 95 % interval | .300 to .7")
