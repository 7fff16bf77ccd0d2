"""The terms that a document does not contain: shares of the question's rarity, of all terms and of names."""

import pytest

from wherefrom.index.answering.absent_terms import AbsentShares, QuestionTerms

WEIGHTS = {"russia": 0.5, "object": 0.3, "radar": 0.2}


def question(*mentions: tuple[str, ...]) -> QuestionTerms:
    return QuestionTerms.of(["russia", "object", "radar", "radar"], WEIGHTS, mentions)


def test_the_shares_of_absent_terms_are_added() -> None:
    assert tuple(question(("russ",)).absent(frozenset({"object"}))) == pytest.approx((0.7, 0.5))


def test_a_document_with_every_term_has_none_absent() -> None:
    assert question(("russ",)).absent(frozenset(WEIGHTS)) == AbsentShares(terms=0, names=0)


def test_without_names_only_terms_are_absent() -> None:
    assert tuple(question().absent(frozenset())) == pytest.approx((1, 0))


def test_a_term_with_variants_counts_once() -> None:
    term = ("minister", "de:minist")
    terms = QuestionTerms.of([term, "berlin"], {"minister": 0.4, "de:minist": 0.4, "berlin": 0.6}, [("berl",)])
    assert terms.shares == {term: pytest.approx(0.4), "berlin": pytest.approx(0.6)}
    assert tuple(terms.absent(frozenset({term}))) == pytest.approx((0.6, 0.6))


def test_a_name_is_found_by_any_of_its_prefixes_in_any_variant() -> None:
    term = ("merkel", "de:merkel")
    assert QuestionTerms.of([term], {"merkel": 1.0, "de:merkel": 1.0}, [("x", "de:merk")]).names == {term}


def test_a_question_without_terms_lacks_nothing() -> None:
    assert QuestionTerms.of([], {}, []).absent(frozenset()) == AbsentShares(terms=0, names=0)
