"""A segment's postings tell which languages its rows are in."""

from wherefrom.index.segments.columns import in_memory
from wherefrom.index.segments.postings import Postings
from wherefrom.index.segments.row_languages import language_of_row, row_languages
from wherefrom.index.segments.segment_builder import PostingsColumn

MARKED = {":de:": 0, ":de:haf": 2}


def postings(*rows: dict[str, int]) -> Postings:
    column = PostingsColumn(in_memory)
    for number, counts in enumerate(rows):
        column.append(number, counts)
    return column.finish()


def test_rows_without_marked_terms_are_english() -> None:
    english = postings({"radar": 1, "de": 1}, {})
    assert list(row_languages(english)) == []
    assert [language_of_row(english, row) for row in range(2)] == [None, None]


def test_each_row_has_its_language() -> None:
    mixed = postings({"radar": 1}, MARKED, {":ru:": 0, ":ru:порт": 1}, {":de:": 0}, {"zeppelin": 1, "да": 1})
    assert list(row_languages(mixed)) == ["de", "ru"]
    assert [language_of_row(mixed, row) for row in range(5)] == [None, "de", "ru", "de", None]
