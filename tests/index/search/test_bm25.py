"""BM25: higher is better, rows in the order given, and the same score whatever else was there before."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from wherefrom.index.search.bm25 import CONTEXT_TERMS, K1, B, Bm25Index
from wherefrom.index.segments.columns import in_memory
from wherefrom.index.segments.postings import Postings, RowPostings, invert
from wherefrom.index.segments.segment_builder import PostingsColumn
from wherefrom.index.text.analyzer import terms

TEXTS = [
    "The radar watches the northern border.",
    "A radar is a radar: radar engineers agree.",
    "Fishermen returned to the harbour.",
    "The committee discussed fishing quotas and the harbour at length, with many other matters of the day.",
]
TOKENS = [terms(text) for text in TEXTS]


def posted(tokens: Sequence[Sequence[str]]) -> Postings:
    vocabulary = sorted({term for row in tokens for term in row}, reverse=True)
    said = [(vocabulary.index(t), row, n) for row, each in enumerate(tokens) for t, n in Counter(each).items()]
    columns = np.array(said, dtype=np.int64).reshape(-1, 3).T
    return invert(RowPostings(vocabulary=vocabulary, terms=columns[0], rows=columns[1], counts=columns[2]), in_memory)


def index(*segments: Sequence[Sequence[str]], dead: Sequence[int] = ()) -> Bm25Index:
    """An index of segments, each a list of rows, without the rows that are dead."""
    starts = np.cumsum([0, *map(len, segments)])
    lengths = np.array([len(row) for segment in segments for row in segment], dtype=np.int32)
    live = np.ones(len(lengths), dtype=bool)
    live[list(dead)] = False
    return Bm25Index([posted(segment) for segment in segments], starts[:-1].tolist(), lengths, live if dead else None)


def test_scores_are_those_of_bm25s_with_lengths_that_count_less_among_short_rows() -> None:
    import bm25s  # noqa: PLC0415

    average = sum(map(len, TOKENS)) / len(TOKENS)
    model = bm25s.BM25(k1=K1, b=B * average / (average + CONTEXT_TERMS), method="lucene")
    model.index(TOKENS, show_progress=False)
    for query in (["radar"], terms("the harbour committee radar"), ["radar", "radar", "quota"]):
        np.testing.assert_allclose(index(TOKENS).scores(query), model.get_scores(query), rtol=1e-5)


def test_scores_are_to_the_last_bit_those_of_a_fresh_index_whatever_the_history() -> None:
    other = [terms("The radar committee met in the harbour."), terms("A border quota.")]
    grown = index([*TOKENS[:2], *other], TOKENS[2:3], [*other, TOKENS[3]], dead=[2, 3, 5, 6])
    query = terms("radar harbour committee border quota fishing radar")
    np.testing.assert_array_equal(grown.scores(query)[[0, 1, 4, 7]], index(TOKENS).scores(query))
    assert grown.scores(query)[[2, 3, 5, 6]].tolist() == [0.0] * 4
    assert grown.term_weights(query) == index(TOKENS).term_weights(query)


def test_a_range_of_rows_has_the_terms_of_its_rows_in_any_segment() -> None:
    split = index(TOKENS[:2], TOKENS[2:])
    firsts, ends = np.array([0, 1, 2, 2]), np.array([1, 2, 4, 3])
    assert split.occurs_between("radar", firsts, ends).tolist() == [True, True, False, False]
    assert split.occurs_between("harbour", firsts, ends).tolist() == [False, False, True, True]
    assert split.occurs_between(("quota", "border"), firsts, ends).tolist() == [True, False, True, False]
    assert split.occurs_between("submarine", firsts, ends).tolist() == [False] * 4


def test_postings_are_sorted_a_stretch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = posted(TOKENS)
    monkeypatch.setattr("wherefrom.index.segments.postings.SORT_BLOCK_POSTINGS", 3)
    parts = posted(TOKENS)
    assert list(parts.terms) == list(whole.terms) == sorted(whole.terms)
    for name in ("offsets", "rows", "counts"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))


def test_rows_that_say_the_terms_score_above_those_that_do_not() -> None:
    scores = index(TOKENS).scores(terms("Where is the radar?"))
    assert scores[1] > scores[0] > 0
    assert scores[2] == scores[3] == 0


def test_a_shorter_row_scores_above_a_longer_one_that_says_the_same() -> None:
    scores = index(TOKENS).scores(terms("harbour"))
    assert scores[2] > scores[3] > 0


def test_a_rarer_term_weighs_more() -> None:
    model = index([*TOKENS, terms("The committee met."), terms("The committee rested.")])
    assert model.idf("quota") > model.idf("committe") > 0
    assert model.idf("never-said") >= model.idf("quota")


def test_the_shares_of_a_question_sum_to_one() -> None:
    shares = index(TOKENS).term_weights(terms("Did the harbour committee see a zeppelin? A zeppelin!"))
    assert sum(shares.values()) == pytest.approx(1)
    assert set(shares) == set(terms("harbour committee see zeppelin"))


@pytest.mark.parametrize("texts", [[], [""], ["", "the of and"]])
def test_rows_without_terms_score_nothing(texts: list[str]) -> None:
    model = index([terms(text) for text in texts])
    assert model.scores(["radar"]).tolist() == [0.0] * len(texts)


def test_unknown_terms_and_no_terms_score_nothing() -> None:
    model = index(TOKENS)
    assert model.scores([]).tolist() == model.scores(["zeppelin"]).tolist() == [0.0] * 4


def test_a_term_of_variants_counts_as_the_variant_that_a_row_has() -> None:
    renamed = [[f":de:{term}" for term in row] if number % 2 else row for number, row in enumerate(TOKENS)]
    query = terms("radar harbour committee zeppelin")
    variants = [(term, f":de:{term}", f":fr:{term}") for term in query]
    np.testing.assert_array_equal(index(renamed).scores(variants), index(TOKENS).scores(query))
    assert [index(renamed).idf(term) for term in variants] == [index(TOKENS).idf(term) for term in query]


def test_every_variant_has_the_share_of_its_terms() -> None:
    shares = index(TOKENS).term_weights([("radar", ":de:radar"), ("radars", ":de:radar")])
    assert shares[":de:radar"] == pytest.approx(1)
    assert shares["radar"] + shares["radars"] == pytest.approx(1)


def test_rows_with_a_frequency_of_0_make_a_term_common_and_score_nothing() -> None:
    marked = [("radar", 0), ("radar", 2), ("quota", 1), ("quota", 1)]
    column = PostingsColumn(in_memory)
    for row, (term, count) in enumerate(marked):
        column.append(row, {f":de:{'' if count == 0 else term}": count})
    model = Bm25Index([column.finish()], [0], np.array([count for _, count in marked]), None)
    assert np.flatnonzero(model.scores([(":de:", ":de:radar")])).tolist() == [1]
    assert model.idf((":de:", ":de:radar")) == model.idf(":de:quota") < model.idf(":de:radar")
