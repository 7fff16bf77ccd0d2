from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder, seeds_library
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.collection.document_query import DocumentSort
from wherefrom.index.library import Library
from wherefrom.index.types import Given, RawSource
from wherefrom.service.errors import UnknownCursor
from wherefrom.service.runtime.document_list import filter_values, list_documents
from wherefrom.service.schemas.requests import ListQuery, ValuesQuery

UNTITLED = prose(1).split(b"\n\n", 1)[1]
TITLES = ("Oats", "barley", "Barley", None, "oats\0and rye", "Zander", "\U0001f99e", None, "oats")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Yield a library of documents of which each third has no date."""
    with Library.open(tmp_path, embedder=WordEmbedder()) as opened:
        for number, title in enumerate(TITLES):
            given = Given(title=title, published=date(2020, 1, 1 + number % 4) if number % 3 else None)
            put(opened, f"d{number}", given)
        yield opened


def put(library: Library, document_id: str, given: Given) -> None:
    library.put(document_id, extract(RawSource(name=f"{document_id}.txt", raw=UNTITLED, given=given)))


def ids(library: Library, **query: object) -> list[str]:
    return [document.document_id for document in list_documents(library, ListQuery.model_validate(query)).documents]


@pytest.mark.parametrize("sort", get_args(DocumentSort))
@pytest.mark.parametrize("limit", [1, 2, 4, 9])
def test_pages_joined_are_the_whole_list(sort: str, limit: int, library: Library) -> None:
    cursor, joined = None, []
    while True:
        page = list_documents(library, ListQuery.model_validate({"sort": sort, "limit": limit, "cursor": cursor}))
        assert page.total == len(TITLES)
        joined += [document.document_id for document in page.documents]
        cursor = page.cursor
        if cursor is None:
            break
        assert len(page.documents) == limit
    assert joined == ids(library, sort=sort)
    assert sorted(joined) == [f"d{number}" for number in range(len(TITLES))]


def test_a_list_is_sorted_without_regard_to_case_and_documents_without_a_value_come_last(library: Library) -> None:
    assert ids(library, sort="title") == ["d1", "d2", "d0", "d8", "d4", "d5", "d6", "d3", "d7"]
    assert ids(library, sort="-title") == ["d6", "d5", "d4", "d0", "d8", "d1", "d2", "d3", "d7"]
    assert ids(library, sort="published")[-3:] == ids(library, sort="-published")[-3:] == ["d0", "d3", "d6"]


@pytest.mark.parametrize("sort", ["document_id", "-document_id", "title", "-published"])
def test_a_document_that_is_removed_between_pages_moves_no_other(sort: str, library: Library) -> None:
    whole = ids(library, sort=sort)
    first = list_documents(library, ListQuery.model_validate({"sort": sort, "limit": 4}))
    library.remove(whole[3])
    rest = ids(library, sort=sort, cursor=first.cursor)
    assert [document.document_id for document in first.documents] + rest == whole


def test_words_are_searched_in_everything_that_names_a_document(library: Library) -> None:
    put(
        library,
        "d2",
        Given(title="Barley \u00c4", authors=("Ann Otter",), publisher="The Post", url="https://a.example/x"),
    )
    for words in ("OTTER post", "barley d2", "a.example", "  ann  ", "barley \u00e4", "d2.txt post"):
        assert ids(library, q=words) == ["d2"]
    assert ids(library, q="otter oats") == []
    assert len(ids(library, q=" ")) == len(TITLES)


@pytest.mark.parametrize("written", ["caf\u00e9", "CAFE\u0301"])
def test_words_are_found_in_each_form_of_unicode(written: str, library: Library) -> None:
    put(library, "composed", Given(title="The Caf\u00e9", publisher="Caf\u00e9 Press"))
    put(
        library, "decomposed", Given(title="The Cafe\u0301", publisher="Cafe\u0301 Press", extra={"room": "cafe\u0301"})
    )
    assert ids(library, q=written) == ["composed", "decomposed"]
    values = filter_values(library, ValuesQuery(field=("publisher", "extra"), q=written))
    assert values.publisher is not None
    assert values.publisher.total == 2
    assert values.extra is not None
    assert values.extra["room"].total == 1


def test_an_agency_is_found_by_words(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as seeds:
        assert ids(seeds, q="yonhap ambassador") == ["000_3a64872121ddd60b.txt"]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "ü", "====", "_-_-", "A" * 1_999])
def test_a_cursor_that_is_not_one_is_refused(cursor: str, library: Library) -> None:
    with pytest.raises(UnknownCursor, match="not one that this list gave"):
        ids(library, cursor=cursor)


def test_a_cursor_of_another_order_is_refused(library: Library) -> None:
    cursor = list_documents(library, ListQuery(limit=1)).cursor
    with pytest.raises(UnknownCursor, match="sort=document_id, not sort=title"):
        ids(library, cursor=cursor, sort="title")


def test_filters_are_those_of_questions(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        assert ids(library, publisher=["CHINA TOPIX"]) == ["002_8dddc422d49da77a.txt"]
        assert ids(library, published_from="2016-01-01") == ["000_3a64872121ddd60b.txt"]
        assert ids(library, published_to="2016-12-31", sort="-published") == [
            "000_3a64872121ddd60b.txt",
            "001_4c62c3337fa9a3bc.txt",
        ]
