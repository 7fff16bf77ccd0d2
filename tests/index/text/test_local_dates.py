"""Dates of other languages are read where they have a single reading, and are null elsewhere."""

from datetime import date

import pytest
from babel.dates import format_date

from tests.support.work import grows_linearly
from wherefrom.index.text.dates import find_dates

LANGUAGES = """
af ar bg bn ca cs da de el en es et fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sr sv ta te th tr uk
ur vi zh
"""
AMBIGUOUS = {("hr", 10), ("pl", 11), ("hr", 11), ("cs", 11)}
"""Months whose names mean another month in a related language."""


@pytest.mark.parametrize("language", LANGUAGES.split())
def test_the_long_form_of_every_month_is_read(language: str) -> None:
    for month in range(1, 13):
        day = date(2016, month, 17)
        text = format_date(day, "long", locale=language)
        found = [match.day for match in find_dates(text)]
        assert found == [day] or ((language, month) in AMBIGUOUS and not found), text


@pytest.mark.parametrize(
    "text",
    [
        "4 de mayo del 2016", "mayo 4, 2016", "le 4 mai 2016", "4 maggio 2016", "4 Μαΐου 2016", "4 ΜΑΪΟΥ 2016",
        "4 أيار/مايو 2016", "٤ مايو ٢٠١٦", "4 במאי 2016", "ngày 4 tháng 5 năm 2016", "2016년 5월 4일", "2016年5月4日",
        "4 พฤษภาคม 2559", "4 พ.ค. 2559", "2016. május 4-én", "2016 m. gegužės 4 d.", "2016. gada 4. maijs", "4 মে ২০১৬",
        "4 Mei 2016",
        "den 4. maj 2016", "4-го мая 2016 г.", "2016年05月04日", "４ de mayo de 2016",
    ],
)  # fmt: skip
def test_a_date_is_read_as_people_write_it(text: str) -> None:
    assert [match.day for match in find_dates(text)] == [date(2016, 5, 4)]


@pytest.mark.parametrize(
    "text",
    [
        "4 listopada 2016", "平成28年5月4日", "۱۵ اردیبهشت ۱۳۹۵", "30 de febrero de 2016", "12 März 20245",
        "4 أيار/يونيو 2016",
        "En 2016 murieron 4 personas en 1999", "mai 2016", "2016年13月4日", "4 Menschen 2016",
    ],
)  # fmt: skip
def test_what_is_no_single_day_is_no_date(text: str) -> None:
    assert list(find_dates(text)) == []


def test_several_dates_come_in_order_with_their_positions() -> None:
    text = "Publié le 4 mai 2016, mis à jour le 5 juin 2016; on May 6, 2016"
    found = list(find_dates(text))
    assert [text[match.start : match.end] for match in found] == ["4 mai 2016", "5 juin 2016", "May 6, 2016"]


@pytest.mark.parametrize("unit", ["4 de mayo de ", "2016. ", "maj 4 ", "a" * 23 + " 4 "])
def test_finding_dates_is_linear(unit: str) -> None:
    text = unit * 3000
    assert grows_linearly(lambda value: list(find_dates(value)), f"{text}2016", f"{text}{text}2016")
