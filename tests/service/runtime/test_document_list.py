from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from tests.support.library_samples import seeds_library
from wherefrom.index.library import Library
from wherefrom.index.types import DocumentSummary
from wherefrom.service.errors import UnknownCursor
from wherefrom.service.runtime.document_list import list_documents
from wherefrom.service.schemas.requests import DocumentSort, ListQuery

SAMPLE = DocumentSummary(
    document_id="",
    etag="",
    title=None,
    publisher=None,
    agency=None,
    authors=(),
    published=None,
    url=None,
    source="",
    source_sha256="",
    encoding="utf-8",
    media_type="text/plain",
    bytes=1,
    paragraphs=1,
)
TITLES = ("Oats", "barley", "Barley", None, "oats\0and rye", "Zander", "\ud800", None, "oats")


class Listed(Library):
    """A library that lists samples."""

    samples: list[DocumentSummary]

    def __init__(self) -> None:
        self.samples = [
            replace(
                SAMPLE,
                document_id=f"d{number}",
                title=title,
                published=date(2020, 1, 1 + number % 4) if number % 3 else None,
            )
            for number, title in enumerate(TITLES)
        ]

    def documents(self, *, after: str = "", limit: int | None = None) -> tuple[DocumentSummary, ...]:
        return tuple(each for each in self.samples if each.document_id > after)[:limit]


def ids(library: Library, **query: object) -> list[str]:
    return [document.document_id for document in list_documents(library, ListQuery.model_validate(query)).documents]


@pytest.mark.parametrize("sort", get_args(DocumentSort))
@pytest.mark.parametrize("limit", [1, 2, 4, 9])
def test_pages_joined_are_the_whole_list(sort: str, limit: int) -> None:
    library, cursor, joined = Listed(), None, []
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


def test_a_list_is_sorted_without_regard_to_case_and_documents_without_a_value_come_last() -> None:
    assert ids(Listed(), sort="title") == ["d1", "d2", "d0", "d8", "d4", "d5", "d6", "d3", "d7"]
    assert ids(Listed(), sort="-title") == ["d6", "d5", "d4", "d0", "d8", "d1", "d2", "d3", "d7"]
    assert ids(Listed(), sort="published")[-3:] == ids(Listed(), sort="-published")[-3:] == ["d0", "d3", "d6"]


@pytest.mark.parametrize("sort", ["document_id", "title", "-published"])
def test_a_document_that_is_removed_or_added_between_pages_moves_no_other(sort: str) -> None:
    library = Listed()
    whole = ids(library, sort=sort)
    first = list_documents(library, ListQuery.model_validate({"sort": sort, "limit": 4}))
    library.samples = [each for each in library.samples if each.document_id != whole[3]]
    rest = ids(library, sort=sort, cursor=first.cursor)
    assert [document.document_id for document in first.documents] + rest == whole


def test_words_are_searched_in_everything_that_names_a_document() -> None:
    library = Listed()
    library.samples[2] = replace(
        library.samples[2], agency="Reuters", authors=("Ann Otter",), publisher="The Post", url="https://a.example/x"
    )
    for words in ("reuters", "OTTER post", "barley d2", "a.example", "  ann  "):
        assert ids(library, q=words) == ["d2"]
    assert ids(library, q="reuters oats") == []
    assert len(ids(library, q=" ")) == len(TITLES)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "ü", "====", "_-_-", "A" * 1_999])
def test_a_cursor_that_is_not_one_is_refused(cursor: str) -> None:
    with pytest.raises(UnknownCursor, match="not one that this list gave"):
        ids(Listed(), cursor=cursor)


def test_a_cursor_of_another_order_is_refused() -> None:
    cursor = list_documents(Listed(), ListQuery(limit=1)).cursor
    with pytest.raises(UnknownCursor, match="sort=document_id, not sort=title"):
        ids(Listed(), cursor=cursor, sort="title")


def test_filters_are_those_of_questions(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        assert ids(library, publisher=["CHINA TOPIX"]) == ["002_8dddc422d49da77a.txt"]
        assert ids(library, published_from="2016-01-01") == ["000_3a64872121ddd60b.txt"]
        assert ids(library, published_to="2016-12-31", sort="-published") == [
            "000_3a64872121ddd60b.txt",
            "001_4c62c3337fa9a3bc.txt",
        ]
