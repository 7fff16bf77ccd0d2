"""What may be asked, and how close an unknown filter value comes to a known one."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.library_samples import QUESTION, seeds_library
from wherefrom.index.errors import InvalidQuestion, UnknownFilterValue
from wherefrom.index.ranking.question_limits import MAX_QUESTION, check_limits, check_question
from wherefrom.index.types import AskOptions, Filters


def test_a_question_loses_only_the_white_space_around_it() -> None:
    assert check_question("\n  why?  why not? ") == "why?  why not?"
    assert check_question("x" * MAX_QUESTION) == "x" * MAX_QUESTION


@pytest.mark.parametrize("question", ["", " ", "\u3000", "x" * (MAX_QUESTION + 1), "half a \udc00 character"])
def test_a_question_out_of_bounds_is_refused(question: str) -> None:
    with pytest.raises(InvalidQuestion, match=r"^question: must"):
        check_question(question)


def test_bounds_are_inclusive() -> None:
    check_limits(AskOptions(top_k=1, max_per_document=1))
    check_limits(AskOptions(top_k=100))
    for top_k in (0, 101, -1):
        with pytest.raises(InvalidQuestion, match=f"not {top_k}"):
            check_limits(AskOptions(top_k=top_k))


def test_a_choice_that_does_not_exist_is_refused() -> None:
    check_limits(AskOptions(effort="careful", prefer="newest"))
    with pytest.raises(InvalidQuestion, match="effort: must be 'fast' or 'careful', not 'high'"):
        check_limits(AskOptions(effort="high"))  # type: ignore[arg-type]
    with pytest.raises(InvalidQuestion, match="prefer: must be 'newest', not 'oldest'"):
        check_limits(AskOptions(prefer="oldest"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("filters", "close"),
    [
        (Filters(publisher=("china topix",)), ("CHINA TOPIX",)),
        (Filters(publisher=("Korea Times",)), ("The Korea Times",)),
        (Filters(document_id=("002_8dddc422d49da77a",)), ("002_8dddc422d49da77a.txt",)),
        (Filters(publisher=("qqqq",)), ()),
    ],
)
def test_unknown_values_come_with_close_ones(tmp_path: Path, filters: Filters, close: tuple[str, ...]) -> None:
    with seeds_library(tmp_path) as library, pytest.raises(UnknownFilterValue) as refused:
        library.ask(QUESTION, filters=filters)
    assert refused.value.close[: len(close)] == close
    assert bool(close) == bool(refused.value.close)


def test_a_date_range_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    filters = Filters(published_from=date(2017, 1, 2), published_to=date(2017, 1, 1))
    with seeds_library(tmp_path) as library, pytest.raises(InvalidQuestion, match="2017-01-02 is after"):
        library.ask(QUESTION, filters=filters)


@pytest.mark.parametrize(
    ("first", "last", "documents"),
    [("2015-03-24", "2015-03-24", 1), ("2015-03-25", "2016-02-01", 0), ("2015-01-01", "2017-01-01", 2)],
)
def test_both_ends_of_a_date_range_belong_to_it(tmp_path: Path, first: str, last: str, documents: int) -> None:
    filters = Filters(published_from=date.fromisoformat(first), published_to=date.fromisoformat(last))
    with seeds_library(tmp_path) as library:
        passages = library.ask(QUESTION, top_k=50, filters=filters).passages
    assert len({passage.citation.document_id for passage in passages}) == documents
