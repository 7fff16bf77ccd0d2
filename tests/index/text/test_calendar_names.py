"""The names of months and weekdays are CLDR's."""

import json

from wherefrom.index.text.calendar_names import PATH, babel_names, calendar_names, fold


def test_the_file_is_what_babel_says() -> None:
    assert json.loads(PATH.read_text(encoding="utf-8")) == babel_names()


def test_names_are_folded_so_that_spellings_are_one() -> None:
    assert fold("Févr.") == fold("FEVR") == "fevr"
    assert fold("ΜΑΪΟΥ") == fold("Μαΐου")


def test_a_name_that_is_two_months_keeps_both() -> None:
    months = calendar_names().months
    assert months["listopada"] == {10, 11}
    assert months["mai"] == {5}
