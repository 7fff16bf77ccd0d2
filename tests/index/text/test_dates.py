from datetime import date

import pytest

from wherefrom.index.text.dates import find_dates


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
def test_a_date_with_a_single_reading_is_found(text: str) -> None:
    assert [match.day for match in find_dates(text)] == [date(2016, 2, 29)]


@pytest.mark.parametrize("text", ["03/04/2016", "30 February 2016", "Feb. 29", "2016", "12016-02-29", "1/2/3", "٢٠١٦"])
def test_an_ambiguous_or_impossible_date_is_not_found(text: str) -> None:
    assert list(find_dates(text)) == []


def test_a_date_has_its_position_in_the_text() -> None:
    text = "Posted on May 5, 2015."
    (match,) = find_dates(text)
    assert text[match.start : match.end] == "May 5, 2015"
