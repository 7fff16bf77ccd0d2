from collections.abc import Iterator
from datetime import date

import pytest

from tests.support.documents import prose, read
from tests.support.library_samples import WordEmbedder
from wherefrom.index.collection.document_query import DocumentQuery, ValueCount
from wherefrom.index.library import Library
from wherefrom.index.types import Filters, Given

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
