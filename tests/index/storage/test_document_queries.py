from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.support.documents import prose, read
from tests.support.library_samples import WordEmbedder
from wherefrom.index.collection.document_query import MAX_EXTRA_FIELDS, DocumentQuery, ValueCount
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.library import Library
from wherefrom.index.types import Filters, Given
from wherefrom.service.schemas.extra_conditions import conditions_from_texts

GIVEN = {
    "a": Given(title="Hamlin says the bills are due", publisher="Otter Post", authors=("Ann", "Ben"), language="en"),
    "b": Given(title="Bills, bills", publisher="Otter Post", authors=("Ben",), published=date(2020, 1, 31)),
    "c": Given(title="\u00c4rger", publisher="Die Zeitung", published=date(2020, 1, 1), language="de"),
    "d": Given(published=date(2019, 12, 1)),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("data"), embedder=WordEmbedder()) as opened:
        for document_id, given in GIVEN.items():
            opened.put(document_id, read(prose(1), source=f"{document_id}.txt", given=given))
        yield opened


def selected(library: Library, **query: object) -> str:
    return "".join(each.document_id for each in library.select(DocumentQuery(**query)).documents)  # type: ignore[arg-type]


def test_words_stand_anywhere_and_in_any_order(library: Library) -> None:
    assert selected(library, words=["hamlin", "bills"]) == "a"
    assert selected(library, words=["bills"]) == "ab"
    assert selected(library, words=["\u00e4rger", "zeitung"]) == "c"


def test_filters_and_words_count_together(library: Library) -> None:
    selection = library.select(DocumentQuery(filters=Filters(publisher=("Otter Post",)), words=["ben"], limit=1))
    assert ([each.document_id for each in selection.documents], selection.total) == (["a"], 2)
    assert selection.last is not None
    following = DocumentQuery(filters=Filters(publisher=("Otter Post",)), words=["ben"], limit=1, after=selection.last)
    rest = library.select(following)
    assert ([each.document_id for each in rest.documents], rest.total, rest.last) == (["b"], 2, None)


def test_dates_are_sorted_and_those_without_one_come_last(library: Library) -> None:
    assert selected(library, sort="published") == "dcba"
    assert selected(library, sort="-published") == "bcda"


def test_only_the_documents_of_a_page_are_read_whole(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    read_rows: list[object] = []
    original = vars(__import__("wherefrom.index.storage.rows", fromlist=["source_of"]))["source_of"]

    def counted(row: object) -> object:
        read_rows.append(row)
        return original(row)

    monkeypatch.setattr("wherefrom.index.storage.rows.source_of", counted)
    assert selected(library, sort="title", limit=1) == "b"
    assert len(read_rows) == 1


def test_values_are_counted_the_most_frequent_first(library: Library) -> None:
    publishers = library.count_values("publisher")
    assert publishers.values == (
        ValueCount(value="Otter Post", documents=2),
        ValueCount(value="Die Zeitung", documents=1),
    )
    assert (publishers.total, publishers.without) == (2, 1)
    assert library.count_values("author").values[0] == ValueCount(value="Ben", documents=2)
    assert [(each.value, each.documents) for each in library.count_values("month").values] == [
        ("2020-01", 2),
        ("2019-12", 1),
    ]
    assert library.count_values("agency").values == ()


def test_values_are_searched_by_words_and_limited(library: Library) -> None:
    counts = library.count_values("publisher", words=["post", "otter"])
    assert ([each.value for each in counts.values], counts.total, counts.without) == (["Otter Post"], 1, 1)
    limited = library.count_values("publisher", limit=1)
    assert (len(limited.values), limited.total) == (1, 2)


def test_extra_values_are_counted_in_the_spelling_of_conditions(tmp_path: Path) -> None:
    given: tuple[dict[str, ExtraValue], ...] = (
        {"section": "world", "year": 2024, "tags": ("a", "b", "a"), "opinion": True, "Bild=er": "x"},
        {"section": "world", "year": "2024", "share": 0.5},
        {"section": "Weltmeer", "opinion": False, "tags": ()},
        {},
    )
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        assert library.count_extra_values() == {}
        for number, extra in enumerate(given):
            library.put(f"{number}", read(prose(number), source=f"{number}.txt", given=Given(extra=extra)))
        counts = library.count_extra_values()
        found = {name: [(each.value, each.documents) for each in of.values] for name, of in counts.items()}
        assert found == {
            "section": [("world", 2), ("Weltmeer", 1)],
            "opinion": [("false", 1), ("true", 1)],
            "year": [("2024", 2)],
            "Bild=er": [("x", 1)],
            "share": [("0.5", 1)],
            "tags": [("a", 1), ("b", 1)],
        }
        assert next(iter(counts)) == "section"
        assert (counts["section"].total, counts["section"].without, counts["tags"].without) == (2, 1, 3)
        limited = library.count_extra_values(words=["welt"], limit=1)
        assert [each.value for each in limited["section"].values] == ["Weltmeer"]
        assert limited["year"].values == ()
        assert limited["year"].without == 2
        for name in ("section", "opinion", "year", "share", "tags"):
            for value in counts[name].values:
                condition = conditions_from_texts([f"{name}={value.value}"])
                assert len(library.documents_matching(Filters(extra=condition))) == value.documents


def test_only_the_most_frequent_extra_fields_are_counted(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        names = [f"field{number:02}" for number in range(MAX_EXTRA_FIELDS + 5)]
        for document, some in (("a", names[:20]), ("b", names[20:])):
            for copy in ("1", "2") if document == "b" else ("1",):
                extra: dict[str, ExtraValue] = dict.fromkeys(some, "x")
                library.put(document + copy, read(prose(1), source="x", given=Given(extra=extra)))
        counted = library.count_extra_values()
        assert len(counted) == MAX_EXTRA_FIELDS
        assert set(names[20:]) <= set(counted)
