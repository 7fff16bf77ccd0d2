import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.documents import prose
from tests.support.library_samples import FIRST, WordEmbedder, seeds_library
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import Given, RawSource
from wherefrom.service.mcp.tools import ToolRefused, call_tool
from wherefrom.service.runtime.async_library import AsyncLibrary


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with seeds_library(tmp_path_factory.mktemp("data")) as opened:
        for number in range(7):
            given = Given(publisher=f"Paper {number % 3}" if number else "Ü “Blatt”")
            source = RawSource(name=f"story-{number}", raw=prose(number), media_type="text/plain", given=given)
            opened.put(f"story-{number}", extract(source))
        yield opened


def used(library: Library, name: str, **arguments: object) -> dict[str, Any]:
    return asyncio.run(call_tool(AsyncLibrary(library, threads=1), name, arguments))


def pages(library: Library, name: str, items: str, limit: int) -> list[list[dict[str, Any]]]:
    found = []
    arguments: dict[str, object] = {"limit": limit}
    while True:
        page = used(library, name, **arguments)
        found.append(page[items])
        if page["cursor"] is None:
            return found
        arguments["cursor"] = page["cursor"]


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 12), (5, [5, 5, 2]), (6, [6, 6]), (12, [12]), (100, [12])])
def test_the_pages_hold_every_document_once_in_the_order_of_ids(library: Library, limit: int, sizes: list[int]) -> None:
    found = pages(library, "list_documents", "documents", limit)
    assert [len(page) for page in found] == sizes
    ids = [each["document_id"] for page in found for each in page]
    assert ids == [summary.document_id for summary in library.documents()]
    assert used(library, "list_documents")["total"] == 12


def test_a_document_that_is_removed_between_two_pages_moves_no_other(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        first = used(library, "list_documents", limit=2)
        library.remove(first["cursor"])
        second = used(library, "list_documents", limit=100, cursor=first["cursor"])
    assert [each["document_id"][:3] for each in second["documents"]] == ["002", "003", "004"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_publishers_are_the_values_that_the_filter_takes(library: Library, limit: int) -> None:
    found = [each for page in pages(library, "list_publishers", "publishers", limit) for each in page]
    names = [each["publisher"] for each in found]
    assert names == sorted(names)
    assert "Ü “Blatt”" in names
    for each in found:
        answer = used(library, "ask", question="Who?", filters={"publisher": [each["publisher"]]}, top_k=100)
        assert len({passage["citation"]["document_id"] for passage in answer["passages"]}) == each["documents"]
    page = used(library, "list_publishers")
    assert page["total"] == len(found)
    assert page["without_publisher"] == 12 - sum(each["documents"] for each in found) == 2


def test_paragraphs_are_read_part_by_part(library: Library) -> None:
    whole = used(library, "get_document", document_id=FIRST)
    parts, subheads, first = [], [], 1
    while first:
        page = used(library, "read_paragraphs", document_id=FIRST, first=first, limit=7)
        parts += page["paragraphs"]
        subheads += page["subheads"]
        assert (page["total"], page["source_sha256"]) == (16, whole["source_sha256"])
        first = page["next"]
    assert (parts, subheads) == (whole["paragraphs"], whole["subheads"])
    assert used(library, "read_paragraphs", document_id=FIRST, first=99)["paragraphs"] == []


@pytest.mark.parametrize(
    ("name", "arguments", "field"),
    [
        ("list_documents", {"limit": 0}, "limit"),
        ("list_documents", {"limit": 101}, "limit"),
        ("list_documents", {"limit": "5"}, "limit"),
        ("list_publishers", {"page": 2}, "page"),
        ("read_paragraphs", {"document_id": FIRST, "first": 0}, "first"),
        ("read_paragraphs", {}, "document_id"),
        ("verify_documents", {"document_ids": []}, "document_ids"),
        ("verify_documents", {"document_ids": ["a"] * 21}, "document_ids"),
        ("list_documents", {"cursor": "\ud800"}, "cursor"),
        ("list_publishers", {"cursor": "\ud800"}, "cursor"),
        ("get_document", {"document_id": "\udfff"}, "document_id"),
        ("read_paragraphs", {"document_id": "a\ud800"}, "document_id"),
        ("verify_documents", {"document_ids": ["a", "\ud800"]}, "document_ids.1"),
    ],
)
def test_invalid_arguments_are_refused_by_field(
    library: Library, name: str, arguments: dict[str, object], field: str
) -> None:
    with pytest.raises(ToolRefused, match=f"^{field}: "):
        used(library, name, **arguments)


def test_a_document_whose_file_has_changed_is_not_valid_and_costs_no_other_its_verdict(tmp_path: Path) -> None:
    file = tmp_path / "story.txt"
    file.write_bytes(prose(1))
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        ingest(library, [file])
        library.put("given", extract(RawSource(name="given", raw=prose(2), media_type="text/plain")))
        assert used(library, "verify_documents", document_ids=["story.txt"])["results"][0]["valid"]
        file.write_bytes(prose(3))
        results = used(library, "verify_documents", document_ids=["story.txt", "none", "given"])["results"]
    assert [each["valid"] for each in results] == [False, False, True]
    assert "has changed since it was indexed" in results[0]["mismatches"][0]["reason"]
    assert results[1]["error"] == "no document has the id 'none'"


def test_a_damaged_document_is_named_however_often_it_was_read_before(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        library.paragraphs(FIRST)
        with sqlite3.connect(tmp_path / "catalog.sqlite") as db:
            db.execute("UPDATE paragraphs SET text = 'Other.' WHERE document_id = ? AND number = 3", (FIRST,))
        results = used(library, "verify_documents", document_ids=[FIRST, "003_fafbb0539b69e599.txt"])["results"]
    assert [each["valid"] for each in results] == [False, True]
    assert "are not those that were stored" in results[0]["error"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_questions_of_an_interview_are_read_with_the_answers_below_them(tmp_path: Path, limit: int) -> None:
    talk = [
        line
        for number in range(5)
        for line in (
            f"Q: What did the committee decide on day {number} of its long session?",
            f"A: On day {number} it decided to wait for the report of the engineers about the old bridge.",
        )
    ]
    raw = "\n\n".join(["An interview about the bridge", *talk]).encode()
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put("talk", extract(RawSource(name="talk", raw=raw, media_type="text/plain")))
        whole = used(library, "get_document", document_id="talk")
        assert "question" in {each["kind"] for each in whole["paragraphs"]}
        parts, first = [], 1
        while first:
            page = used(library, "read_paragraphs", document_id="talk", first=first, limit=limit)
            parts += page["paragraphs"]
            first = page["next"]
        verdict = used(library, "verify_documents", document_ids=["talk"])["results"][0]
    assert parts == whole["paragraphs"]
    assert verdict["valid"]
