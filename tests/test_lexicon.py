"""BM25: higher is better, rows in the order given, and the same score whatever else was there before."""

from pathlib import Path

import numpy as np
import pytest

from index.lexicon import Lexicon
from index.terms import terms

TEXTS = [
    "The radar watches the northern border.",
    "A radar is a radar: radar engineers agree.",
    "Fishermen returned to the harbour.",
    "The committee discussed fishing quotas and the harbour at length, with many other matters of the day.",
]
TOKENS = [terms(text) for text in TEXTS]


def test_rows_that_say_the_terms_score_above_those_that_do_not() -> None:
    scores = Lexicon.build(TOKENS).scores(terms("Where is the radar?"))
    assert scores[1] > scores[0] > 0
    assert scores[2] == scores[3] == 0


def test_a_shorter_row_scores_above_a_longer_one_that_says_the_same() -> None:
    scores = Lexicon.build(TOKENS).scores(terms("harbour"))
    assert scores[2] > scores[3] > 0


def test_a_rarer_term_weighs_more() -> None:
    lexicon = Lexicon.build([*TOKENS, terms("The committee met."), terms("The committee rested.")])
    assert lexicon.rarity("quota") > lexicon.rarity("committe") > 0
    assert lexicon.rarity("never-said") >= lexicon.rarity("quota")


def test_the_shares_of_a_question_sum_to_one() -> None:
    shares = Lexicon.build(TOKENS).weigh(terms("Did the harbour committee see a zeppelin? A zeppelin!"))
    assert sum(shares.values()) == pytest.approx(1)
    assert set(shares) == set(terms("harbour committee see zeppelin"))


@pytest.mark.parametrize("texts", [[], [""], ["", "the of and"]])
def test_rows_without_terms_score_nothing(texts: list[str]) -> None:
    lexicon = Lexicon.build([terms(text) for text in texts])
    assert lexicon.scores(["radar"]).tolist() == [0.0] * len(texts)


def test_unknown_terms_and_no_terms_score_nothing() -> None:
    lexicon = Lexicon.build(TOKENS)
    assert lexicon.scores([]).tolist() == lexicon.scores(["zeppelin"]).tolist() == [0.0] * 4


@pytest.mark.parametrize("texts", [TEXTS, [""]])
def test_a_saved_lexicon_scores_the_same_when_loaded(texts: list[str], tmp_path: Path) -> None:
    built = Lexicon.build([terms(text) for text in texts])
    built.save(tmp_path / "lexicon")
    loaded = Lexicon.load(tmp_path / "lexicon", len(texts))
    np.testing.assert_array_equal(loaded.scores(["radar", "harbour"]), built.scores(["radar", "harbour"]))
    assert loaded.rarity("radar") == built.rarity("radar")
