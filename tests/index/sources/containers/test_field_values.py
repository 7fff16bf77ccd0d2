from datetime import date

import pytest

from wherefrom.index.sources.containers import field_values


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-03-04 08:00:00", date(2024, 3, 4)),
        ("2024-03-04T23:30:00-05:00", date(2024, 3, 4)),
        ("Mon, 04 Mar 2024 23:30:00 +0100", date(2024, 3, 4)),
        ("Mon, 04 Mar 94 08:00:00 GMT", date(1994, 3, 4)),
        ("March 4, 2024 Monday", date(2024, 3, 4)),
        ("4. März 2024", date(2024, 3, 4)),
        ("20240304", date(2024, 3, 4)),
        (1709539200, date(2024, 3, 4)),
        (1709539200000, date(2024, 3, 4)),
        ("1709539200", date(2024, 3, 4)),
        ("31/03/2024", date(2024, 3, 31)),
        ("03/04/2024", None),
        ("2 hours ago", None),
        ("2024", None),
        (7, None),
        (True, None),
        (float("nan"), None),
        (10**30, None),
        ("1970-01-01T00:00:00Z", None),
        ("", None),
    ],
)
def test_a_date_is_read_only_where_it_has_one_reading(written: object, day: date | None) -> None:
    assert field_values.day(written) == day


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Mara Lind", ("Mara Lind",)),
        ("By Mara Lind and Ole Grund", ("Mara Lind", "Ole Grund")),
        ("Mara Lind, Ole Grund", ("Mara Lind", "Ole Grund")),
        ("Mara Lind, Staff Writer", ("Mara Lind, Staff Writer",)),
        ("Lind, Mara", ("Lind, Mara",)),
        (["Mara Lind", {"name": "Ole Grund"}], ("Mara Lind", "Ole Grund")),
        ("mara@courier.example", None),
        ("Mara Lind (mara@courier.example)", ("Mara Lind",)),
        ("https://courier.example/mara", None),
        (7, None),
    ],
)
def test_authors_are_names_and_divided_where_it_is_certain(written: object, names: tuple[str, ...] | None) -> None:
    assert field_values.authors(written) == names


def test_values_in_objects_are_unwrapped() -> None:
    assert field_values.unwrapped({"$oid": "a1"}) == "a1"
    assert field_values.unwrapped({"id": None, "name": "The Courier"}) == "The Courier"
    assert field_values.unwrapped({"a": 1}) == {"a": 1}


@pytest.mark.parametrize(("written", "tag"), [("en_us", "en-US"), ("English", "en"), ("Klingon", None), ("", None)])
def test_a_language_is_a_tag_or_a_name(written: str, tag: str | None) -> None:
    assert field_values.language(written) == tag


def test_a_lone_surrogate_is_no_text() -> None:
    assert field_values.line("\ud800") is None
