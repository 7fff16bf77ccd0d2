from wherefrom.eval.datasets.written_pairs import WrittenPair
from wherefrom.eval.measurement.written import FOLLOWS, FOLLOWS_NOT, check_pairs, digest, written_figures

PASSAGE = "Sales in France rose 4 percent while sales in Germany fell 7 percent."


def pair(kind: str, sentence: str) -> WrittenPair:
    return WrittenPair(id=sentence, kind=kind, sentence=sentence, passages=(PASSAGE,), story="sales")


PAIRS = (
    pair("shortened", "Sales in France rose 4 percent."),
    pair("paraphrase", "French revenue grew."),
    pair("number", "Sales in France rose 9 percent."),
)


def test_recall_is_what_a_kind_gets_right_and_precision_counts_the_errors_of_the_others() -> None:
    figures = written_figures(check_pairs(PAIRS))["all"]
    assert (figures["shortened"].recall.value, figures["paraphrase"].recall.value) == (1, 0)
    assert figures[FOLLOWS].recall.value == 0.5
    assert figures[FOLLOWS].precision.value == 1
    assert figures[FOLLOWS_NOT].precision.value == 0.5
    assert "merged" not in figures


def test_the_halves_are_all_pairs() -> None:
    figures = written_figures(check_pairs(PAIRS))
    halves = [figures[half].get(FOLLOWS) for half in ("built on", "held out")]
    assert sum(each.pairs for each in halves if each) == figures["all"][FOLLOWS].pairs


def test_other_pairs_have_another_digest() -> None:
    assert digest(PAIRS) == digest(PAIRS)
    assert digest(PAIRS) != digest(PAIRS[1:])
