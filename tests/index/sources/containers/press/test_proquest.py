from datetime import date

from tests.support.work import grows_linearly
from wherefrom.index.sources.containers.press.proquest import find_articles

ENTRY = """
Southport closes its northern quay

Publication info: The Coast Courier ; Southport [Southport]. 04 Mar 2024: A.3.

Links: none

Full text: The harbour authority will close the quay.

Note: the ferries stay.

Subject: Harbours

Title: Southport closes its northern quay

Publication title: The Coast Courier; Southport

Author: Lind, Mara

Publication date: Mar 4, 2024

Language of publication: English

ProQuest document ID: 123

Document URL: https://search.example/docview/123

"""
EXPORT = ENTRY + "_" * 60 + "\n" + ENTRY.replace("123", "124")


def test_entries_are_divided_and_their_fields_are_metadata() -> None:
    first, second = find_articles(EXPORT)
    text = EXPORT[first.start : first.end]
    assert text == "The harbour authority will close the quay.\n\nNote: the ferries stay."
    assert first.given.title == "Southport closes its northern quay"
    assert (first.given.authors, first.given.language) == (("Lind, Mara",), "en")
    assert (first.given.published, first.given.url) == (date(2024, 3, 4), "https://search.example/docview/123")
    assert (first.given.extra["proquest_id"], second.given.extra["proquest_id"]) == ("123", "124")


def test_a_text_with_one_such_line_is_no_export() -> None:
    assert find_articles("Full text: see below.\n\nThe mayor said so.\n") == []


def test_finding_entries_is_linear() -> None:
    assert grows_linearly(find_articles, EXPORT * 200, EXPORT * 400)
