from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.library_samples import QUESTION, seeds_library
from wherefrom.eval.measurement.baselines import baselines, reciprocal_rank_fusion
from wherefrom.index.library import Library
from wherefrom.index.types import Hit, Scores

NOTHING = Scores(dense=0.0, sentence=0.0, lexical=0.0, fused=0.0)


def hit(document: str, *copies: str) -> Hit:
    return Hit(document_id=document, number=1, scores=NOTHING, copies=tuple((copy, 1) for copy in copies))


def fused(*rankings: str) -> str:
    return "".join(found.document_id for found in reciprocal_rank_fusion([[*map(hit, each)] for each in rankings]))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path) as opened:
        yield opened


def test_a_passage_in_both_rankings_comes_before_the_first_of_one() -> None:
    assert fused("abc", "dbe")[0] == "b"


def test_equal_sums_go_by_place() -> None:
    assert fused("ba", "ab") == "ab"


@pytest.mark.parametrize(("place", "first"), [(61, "both"), (63, "top")])
def test_the_constant_is_sixty(place: int, first: str) -> None:
    """2 / (60 + 61) is more than 1 / (60 + 1), and 2 / (60 + 63) is less."""
    one, other = ([hit(f"{name}{number}") for number in range(1, place - 1)] for name in "ab")
    found = reciprocal_rank_fusion([[hit("top"), *one, hit("both")], [hit("b0"), *other, hit("both")]])
    places = [each.document_id for each in found]
    assert (places.index("both") < places.index("top")) == (first == "both")


def test_passages_with_the_same_text_count_as_one() -> None:
    (found,) = reciprocal_rank_fusion([[hit("a", "b")], [hit("b", "a")]])
    assert found.document_id == "a"


def test_passages_without_a_word_of_the_question_are_not_fused_from_bm25(library: Library) -> None:
    rankings = baselines(library, "zebra", 10)
    assert all(hit.scores.lexical == 0 for hit in rankings["bm25"])
    assert rankings["rrf"] == list(rankings["dense"])


def test_every_baseline_returns_top_k_hits(library: Library) -> None:
    assert {system: len(hits) for system, hits in baselines(library, QUESTION, 7).items()} == {
        "bm25": 7,
        "dense": 7,
        "rrf": 7,
    }
