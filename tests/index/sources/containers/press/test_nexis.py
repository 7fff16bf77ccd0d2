"""Documents of an export of Nexis are divided, and their headers are metadata."""

from datetime import date

from tests.support.work import grows_linearly
from wherefrom.index.sources.containers.press.nexis import find_articles

CLASSIC = """
                               1 of 2 DOCUMENTS

                              The Coast Courier

                             March 4, 2024 Monday
                                 Final Edition

Southport closes its northern quay
for eleven months

BYLINE: By Mara Lind and Ole Grund

SECTION: NEWS; Pg. 3

LENGTH: 241 words

HIGHLIGHT: A debate of four hours

The harbour authority will close the quay.

Note: the ferries stay.

LOAD-DATE: March 5, 2024

LANGUAGE: ENGLISH

            Copyright 2024 Coast Media Ltd


                               2 of 2 DOCUMENTS

                               Die Küste

                            12. Februar 2024

Feuer in der Papierfabrik

LENGTH: 188 words

Ein Feuer hat das Dach zerstört.

            Copyright 2024 Post Verlag
"""
RECENT = """User Name: reader
Date and Time: May 6, 2024
Documents (2)

Southport closes its northern quay
The Coast Courier
March 4, 2024 Monday

Copyright 2024 Coast Media Ltd All Rights Reserved

Section: NEWS; Pg. 3
Length: 241 words
Byline: Mara Lind

Body


The harbour authority will close the quay.

Classification


Language: ENGLISH

Load-Date: March 5, 2024


End of Document


Fire takes the roof
The Northport Post
February 12, 2024 Monday

Length: 188 words

Body

A fire destroyed the roof.

Load-Date: February 13, 2024

End of Document
"""


def test_documents_that_are_counted() -> None:
    first, second = find_articles(CLASSIC)
    assert CLASSIC[first.start : first.end].endswith("will close the quay.\n\nNote: the ferries stay.")
    assert first.given.title == "Southport closes its northern quay for eleven months"
    assert (first.given.publisher, first.given.authors) == ("The Coast Courier", ("Mara Lind", "Ole Grund"))
    assert (first.given.published, first.given.language) == (date(2024, 3, 4), "en")
    assert CLASSIC[second.start : second.end] == "Ein Feuer hat das Dach zerstört."
    assert (second.given.publisher, second.given.published) == ("Die Küste", date(2024, 2, 12))


def test_documents_that_end_with_a_line() -> None:
    first, second = find_articles(RECENT)
    assert RECENT[first.start : first.end] == "The harbour authority will close the quay."
    assert (first.given.title, first.given.publisher) == ("Southport closes its northern quay", "The Coast Courier")
    assert (first.given.published, first.given.authors) == (date(2024, 3, 4), ("Mara Lind",))
    assert RECENT[second.start : second.end] == "A fire destroyed the roof."
    assert second.given.title == "Fire takes the roof"


def test_a_text_that_speaks_of_documents_is_no_export() -> None:
    assert find_articles("They found 2 of 3 documents.\n\nThe End of Document retention rules was near.\n") == []


def test_finding_documents_is_linear() -> None:
    assert grows_linearly(find_articles, CLASSIC * 200, CLASSIC * 400)
    assert grows_linearly(find_articles, RECENT * 200, RECENT * 400)
