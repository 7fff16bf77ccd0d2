from datetime import date

import pytest

from wherefrom.index.cleaning.dates import find_dates, is_timestamp


@pytest.mark.parametrize(
    "text",
    [
        "2016-02-29 16:54",
        "2016-02-29T16:54:00Z",
        "Mon Feb 29, 2016 15:17:30",
        "29 February 2016",
        "February 29th, 2016",
        "29/02/2016",
        "02/29/2016",
        "29.02.2016",
        "FEB. 29 2016",
    ],
)
def test_a_date_with_one_reading_is_read(text: str) -> None:
    assert [found.day for found in find_dates(text)] == [date(2016, 2, 29)]


@pytest.mark.parametrize("text", ["03/04/2016", "30 February 2016", "Feb. 29", "2016", "12016-02-29", "1/2/3", "٢٠١٦"])
def test_what_could_be_another_date_or_none_is_not_read(text: str) -> None:
    assert list(find_dates(text)) == []


def test_a_date_knows_where_it_stands() -> None:
    text = "Posted on May 5, 2015."
    (found,) = find_dates(text)
    assert text[found.start : found.end] == "May 5, 2015"


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("Updated : 2016-02-02 16:54", True),
        ("Tue Mar 24, 2015 15:17:30", True),
        ("3 hours ago", True),
        ("In 2015 they met", False),
        ("Politics", False),
    ],
)
def test_a_stamp_is_little_but_a_date_or_a_clock(text: str, stamp: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_timestamp(text, len(text.split())) is stamp
