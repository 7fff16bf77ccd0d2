"""How every engine lists documents."""

from dataclasses import replace
from datetime import date

import pytest

from tests.index.conformance.conftest import Collection, plain
from wherefrom.index.collection.document_query import DocumentQuery, DocumentSort
from wherefrom.index.errors import DocumentNotFound, UnknownFilterValue
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.types import DocumentSummary, Filters, Given

TITLES = {"a": "Zebra", "b": "apple", "c": "Ärger", "d": None, "e": "Apple"}


@pytest.fixture
def listed(collection: Collection) -> Collection:
    """Return the collection with five documents."""
    collection.library.put_batch(
        [
            (
                name,
                plain(
                    name,
                    f"A text about number {number} and nothing else, told in one sentence.",
                    Given(
                        title=title,
                        publisher=("Star", "Weekly")[number % 2],
                        authors=("Ann Otter", "Bo Reed")[: number % 3],
                        published=date(2020, 1, number) if number % 4 else None,
                        language="en" if number == 1 else None,
                        url=f"https://example.org/Story/{number}",
                        extra={"tags": ("port", "tax", "port"), "year": 2020 + number}
                        if number < 4
                        else {"local": True},
                    ),
                ),
            )
            for number, (name, title) in enumerate(TITLES.items(), 1)
        ]
    )
    collection.library.refresh()
    return collection


def ids(documents: tuple[DocumentSummary, ...]) -> str:
    """Return the ids of documents, one letter each."""
    return "".join(each.document_id for each in documents)


def paged(collection: Collection, query: DocumentQuery) -> str:
    """Return the ids of all pages of two documents."""
    found = ""
    while True:
        selection = collection.library.select(replace(query, limit=2))
        assert selection.total == 5
        found += ids(selection.documents)
        if selection.last is None:
            return found
        query = replace(query, after=selection.last)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("document_id", "abcde"),
        ("-document_id", "edcba"),
        ("published", "abced"),
        ("-published", "ecbad"),
        ("publisher", "bdace"),
        ("-publisher", "acebd"),
    ],
)
def test_pages_follow_each_other_in_every_order(listed: Collection, sort: DocumentSort, expected: str) -> None:
    assert paged(listed, DocumentQuery(sort=sort)) == expected


def test_titles_are_sorted_without_regard_to_case_and_documents_without_one_come_last(listed: Collection) -> None:
    by_title = [each.title for each in listed.library.select(DocumentQuery(sort="title")).documents]
    without = [title for title in by_title if title is not None]
    assert without == sorted(without, key=str.casefold)
    assert by_title[: len(without)] == without
    assert paged(listed, DocumentQuery(sort="title")) == ids(
        listed.library.select(DocumentQuery(sort="title")).documents
    )
    assert paged(listed, DocumentQuery(sort="-title")) == ids(
        listed.library.select(DocumentQuery(sort="-title")).documents
    )


def test_words_are_looked_for_in_every_field_that_is_shown(listed: Collection) -> None:
    for words, expected in ((("zebra",), "a"), (("ärger",), "c"), (("weekly", "otter"), "ae"), (("story/3",), "c")):
        assert ids(listed.library.select(DocumentQuery(words=words)).documents) == expected
    assert listed.library.select(DocumentQuery(words=("nothing like it",))).total == 0
    assert (
        ids(listed.library.select(DocumentQuery(words=("star",), filters=Filters(author=("Bo Reed",)))).documents)
        == "b"
    )


def test_documents_are_listed_in_parts(listed: Collection) -> None:
    assert ids(listed.library.documents(after="b", limit=2)) == "cd"
    assert ids(listed.library.documents()) == "abcde"


def test_values_are_counted(listed: Collection) -> None:
    publishers = listed.library.count_values("publisher")
    assert [(each.value, each.documents) for each in publishers.values] == [("Weekly", 3), ("Star", 2)]
    authors = listed.library.count_values("author", words=("ann",))
    assert [(each.value, each.documents) for each in authors.values] == [("Ann Otter", 4)]
    languages = listed.library.count_values("language")
    assert ([each.value for each in languages.values], languages.without) == (["en"], 4)
    months = listed.library.count_values("month", limit=1)
    assert ([(each.value, each.documents) for each in months.values], months.without) == ([("2020-01", 4)], 1)
    assert [(each.publisher, each.documents) for each in listed.library.publishers()] == [("Star", 2), ("Weekly", 3)]


def test_values_of_extra_fields_are_counted(listed: Collection) -> None:
    counted = listed.library.count_extra_values()
    values = {name: [(each.value, each.documents) for each in of.values] for name, of in counted.items()}
    assert values == {
        "tags": [("port", 3), ("tax", 3)],
        "year": [("2021", 1), ("2022", 1), ("2023", 1)],
        "local": [("true", 2)],
    }
    assert {name: of.without for name, of in counted.items()} == {"tags": 2, "year": 2, "local": 3}
    some = listed.library.count_extra_values(words=("202",), limit=2)
    assert ([each.value for each in some["year"].values], some["year"].total) == (["2021", "2022"], 3)


def test_values_of_extra_fields_are_counted_with_every_character_and_digit(collection: Collection) -> None:
    extra: dict[str, ExtraValue] = {
        "code": 12345678901234567890,
        "mixed": (1, "1"),
        "note": "from\x00scanner",
        "n\x00me": "x",
        "path": "a\\u0000b",
        "size": 1e22,
    }
    collection.put("a", "A text about the harbour, told in one sentence.", Given(extra=extra))
    collection.put("b", "A text about the ferry, told in one sentence.", Given(extra={"size": 10**22, "code": 7}))
    counted = collection.library.count_extra_values()
    assert {name: [(each.value, each.documents) for each in of.values] for name, of in counted.items()} == {
        "code": [("12345678901234567890", 1), ("7", 1)],
        "mixed": [("1", 1)],
        "note": [("from\x00scanner", 1)],
        "n\x00me": [("x", 1)],
        "path": [("a\\u0000b", 1)],
        "size": [("10000000000000000000000", 1), ("1e+22", 1)],
    }
    assert {name: of.without for name, of in counted.items()} == dict.fromkeys(extra, 1) | {"code": 0, "size": 0}


def test_no_document_has_an_id_with_a_nul_character(listed: Collection) -> None:
    library = listed.library
    for document_id in ("\x00", "a\x00", "a\x00b"):
        assert not library.has(document_id)
        for read in (library.document, library.paragraphs, library.raw, library.text, library.remove):
            with pytest.raises(DocumentNotFound):
                read(document_id)
        with pytest.raises(DocumentNotFound):
            library.correct(document_id, {"title": "Zebra"})
        with pytest.raises(UnknownFilterValue):
            library.select(DocumentQuery(filters=Filters(document_id=("b", document_id))))
    assert len(library.documents()) == 5
