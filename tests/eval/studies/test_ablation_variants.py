"""Recipes: the whole must be what the engine does, and each part what a baseline does."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from wherefrom.eval.datasets.questions import Place
from wherefrom.eval.measurement.baselines import baselines
from wherefrom.eval.studies.ablation_variants import BUILT_UP, TAKEN_OUT, WHOLE, Recipe, orders
from wherefrom.eval.studies.candidate_scores import gather
from wherefrom.index.library import Library
from wherefrom.index.types import Hit

QUESTIONS = (QUESTION, "who is China's foreign minister?", "what did North Korea test on January 6?", "zebra")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path) as opened:
        yield opened


def ranked(library: Library, recipe: Recipe) -> list[list[Place]]:
    found = []
    for evidence in gather(library, WordEmbedder(), QUESTIONS, reembed=True):
        order = orders(evidence, [recipe])[recipe]
        found.append([evidence.passages[at][0] for at in order.tolist()])
    return found


def places(hits: Sequence[Hit]) -> list[Place]:
    return [Place(document_id=hit.document_id, paragraph=hit.number) for hit in hits]


def test_the_whole_is_the_engines_own_ranking(library: Library) -> None:
    assert ranked(library, WHOLE) == [places(library.rank(question, top_k=100)) for question in QUESTIONS]


@pytest.mark.parametrize(
    ("line", "system"),
    [("BM25", "bm25"), ("paragraph vectors", "dense"), ("RRF of BM25 and paragraph vectors", "rrf")],
)
def test_single_parts_and_ranks_are_the_baselines(library: Library, line: str, system: str) -> None:
    wanted = [places({**baselines(library, question, 20)}[system]) for question in QUESTIONS]  # type: ignore[index]
    assert [each[:20] for each in ranked(library, BUILT_UP[line])] == wanted


def test_every_recipe_ranks_every_candidate_once(library: Library) -> None:
    (evidence,) = gather(library, WordEmbedder(), [QUESTION], reembed=True)
    recipes = [*BUILT_UP.values(), *TAKEN_OUT.values()]
    for order in orders(evidence, recipes).values():
        assert sorted(order.tolist()) == list(range(len(evidence.passages)))


def test_recipes_ranked_together_are_ranked_as_alone(library: Library) -> None:
    (evidence,) = gather(library, WordEmbedder(), [QUESTION], reembed=True)
    together = orders(evidence, [*BUILT_UP.values(), *TAKEN_OUT.values()])
    for recipe, order in together.items():
        assert order.tolist() == orders(evidence, [recipe])[recipe].tolist()


def test_no_two_parts_taken_out_are_the_same() -> None:
    assert len(set(TAKEN_OUT.values())) == len(TAKEN_OUT)
    assert WHOLE not in TAKEN_OUT.values()
