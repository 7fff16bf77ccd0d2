"""Values that files declare of themselves."""

from datetime import date

import pytest

from wherefrom.index.sources.extractors.reading.declared_values import declared_date, declared_url, user_names


@pytest.mark.parametrize(
    "text",
    [
        *("2024-03-04", "2024-03-04T23:30:00+09:00", "20240304", "2024/3/4", "March 4, 2024", "4 March 2024"),
        *("Mon, 04 Mar 2024 10:00:00 +0100", " 2024-03-04 10:00 "),
    ],
)
def test_dates_are_read_in_the_forms_that_are_clear(text: str) -> None:
    assert declared_date(text) == date(2024, 3, 4)


@pytest.mark.parametrize("text", ["03/04/2024", "4.3.24", "2024", "yesterday", "2024-13-04", "", None])
def test_what_may_be_another_day_is_no_date(text: str | None) -> None:
    assert declared_date(text) is None


def test_addresses_are_those_of_the_web() -> None:
    assert declared_url(" https://a.example/b ") == "https://a.example/b"
    assert declared_url("urn:uuid:1") is None
    assert declared_url("https://a b") is None


def test_names_of_persons_are_told_from_users() -> None:
    assert list(user_names("Jane Roe; jroe; Microsoft Office User;Mr. Miagi")) == ["Jane Roe", "Mr. Miagi"]
