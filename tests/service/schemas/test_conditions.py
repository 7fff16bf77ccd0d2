from datetime import date

import pytest

from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.types import Filters
from wherefrom.service.schemas.conditions import Conditions, Operator, Parts
from wherefrom.service.schemas.extra_conditions import conditions_from_json

CONDITIONS = Conditions("filters")
DAY = date(2016, 2, 29)


def compared(key: str, operator: Operator, value: object) -> Filters:
    return CONDITIONS.filters(CONDITIONS.compare(key, operator, value))


def publishers(*names: str) -> Parts:
    return CONDITIONS.compare("publisher", "in", list(names))


@pytest.mark.parametrize(
    ("key", "operator", "value", "expected"),
    [
        ("publisher", "eq", "AFP", Filters(publisher=("AFP",))),
        ("publisher", "in", ["AFP", "AP"], Filters(publisher=("AFP", "AP"))),
        ("publisher", "in", "AFP", Filters(publisher=("AFP",))),
        ("document_id", "eq", "a", Filters(document_id=("a",))),
        ("file_id", "in", ["a"], Filters(document_id=("a",))),
        ("published", "eq", "2016-02-29", Filters(published_from=DAY, published_to=DAY)),
        ("published", "gte", "2016-02-29T23:00:00Z", Filters(published_from=DAY)),
        ("published", "gt", "2016-02-28", Filters(published_from=DAY)),
        ("published", "lte", 1_456_747_200, Filters(published_to=DAY)),
        ("published", "lt", "2016-03-01", Filters(published_to=DAY)),
    ],
)
def test_a_comparison_is_a_filter(key: str, operator: Operator, value: object, expected: Filters) -> None:
    assert compared(key, operator, value) == expected


@pytest.mark.parametrize(
    ("key", "operator", "value", "reason"),
    [
        ("publsher", "eq", "x", "'publsher': unknown key; close: publisher"),
        ("publisher", "gt", "x", "has no order"),
        ("year", "gt", 2015, "can be compared with eq, in, gte and lte"),
        ("year", "gte", "x", "numbers as its bounds"),
        ("section", "eq", None, "compared with a value"),
        ("publisher", "eq", ["x"], "compared with strings"),
        ("publisher", "in", [], "compared with strings"),
        ("publisher", "in", ["x", 1], "compared with strings"),
        ("publisher", "eq", None, "compared with strings"),
        ("published", "in", ["2016-02-29"], "can be compared with eq"),
        ("published", "gt", "yesterday", "a day like 2016-02-29"),
        ("published", "gt", "9999-12-31", "a day like 2016-02-29"),
        ("published", "lt", "0001-01-01", "a day like 2016-02-29"),
        ("published", "gt", 1e300, "a day like 2016-02-29"),
        ("published", "gt", float("nan"), "a day like 2016-02-29"),
        ("published", "gt", True, "a day like 2016-02-29"),
    ],
)
def test_a_comparison_that_no_filter_makes_is_refused(key: str, operator: Operator, value: object, reason: str) -> None:
    with pytest.raises(InvalidQuestion, match=reason) as raised:
        compared(key, operator, value)
    assert raised.value.field == "filters"


def test_conditions_joined_by_and_are_the_narrowest_filters() -> None:
    parts = [
        publishers("AFP", "AP"),
        publishers("AP", "Reuters"),
        CONDITIONS.compare("published", "gte", "2016-01-01"),
        CONDITIONS.compare("published", "gte", "2016-02-29"),
        CONDITIONS.compare("published", "lte", "2016-02-29"),
        CONDITIONS.compare("published", "lte", "2017-01-01"),
    ]
    joined = CONDITIONS.filters(CONDITIONS.join("and", parts))
    assert joined == Filters(publisher=("AP",), published_from=DAY, published_to=DAY)
    assert CONDITIONS.filters(CONDITIONS.join("and", [])) == Filters()


def test_values_of_one_key_may_be_joined_by_or() -> None:
    parts = [publishers("AFP", "AP"), publishers("AP", "Reuters")]
    assert CONDITIONS.join("or", parts) == {"publisher": ("AFP", "AP", "Reuters")}
    day = CONDITIONS.compare("published", "gte", "2016-01-01")
    assert CONDITIONS.join("or", [day]) == day


@pytest.mark.parametrize(
    "other",
    [
        CONDITIONS.compare("document_id", "eq", "a"),
        CONDITIONS.compare("published", "eq", "2016-01-01"),
        CONDITIONS.join("and", [publishers("a"), CONDITIONS.compare("document_id", "eq", "a")]),
    ],
)
def test_what_no_filter_can_say_is_refused(other: Parts) -> None:
    with pytest.raises(InvalidQuestion, match="joined by or"):
        CONDITIONS.join("or", [publishers("AFP"), other])
    with pytest.raises(InvalidQuestion, match="no document can meet both conditions on publisher"):
        CONDITIONS.join("and", [publishers("AFP"), publishers("AP")])


def test_any_other_key_is_an_extra_field() -> None:
    conditions = Conditions("filters")
    parts = [
        conditions.compare("section", "in", ["world", "local"]),
        conditions.compare("year", "gte", 2015),
        conditions.compare("language", "eq", "en"),
    ]
    filters = conditions.filters(conditions.join("and", parts))
    assert filters == Filters(
        language=("en",),
        extra=conditions_from_json({"section": ["world", "local"]}) + conditions_from_json({"year": {"from": 2015}}),
    )
    with pytest.raises(InvalidQuestion, match="extra fields cannot be joined by or"):
        conditions.join("or", parts[:2])
