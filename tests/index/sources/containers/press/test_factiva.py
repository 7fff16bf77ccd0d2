"""Articles of an export of Factiva are divided, with or without codes."""

from datetime import date

from tests.support.work import grows_linearly
from wherefrom.index.sources.containers.press.factiva import find_articles

CODED = """SE  News
HD  Southport closes its northern quay
for eleven months
BY  By Mara Lind
WC  241 words
PD  4 March 2024
ET  12:00
SN  The Coast Courier
SC  CCOUR
LA  English
CY  (c) 2024
LP  The harbour authority will close the quay.

TD  Inspectors had found cracks.

In the end four companies sent offers.
CO  hbrath : Harbour Authority
AN  Document CCOUR00020240304ek3400012

"""
PLAIN = """Southport closes its northern quay
Mara Lind
241 words
4 March 2024
12:00
The Coast Courier
CCOUR
English
(c) 2024 Coast Media Ltd.

The harbour authority will close the quay.

Inspectors had found cracks.

Document CCOUR00020240304ek3400012

"""


def test_articles_with_codes() -> None:
    for article in find_articles(CODED * 2):
        text = (CODED * 2)[article.start : article.end]
        assert text.startswith("The harbour authority")
        assert text.endswith("sent offers.")
        assert article.given.title == "Southport closes its northern quay for eleven months"
        assert (article.given.publisher, article.given.authors) == ("The Coast Courier", ("Mara Lind",))
        assert (article.given.published, article.given.language) == (date(2024, 3, 4), "en")
        assert article.given.extra == {"accession_number": "CCOUR00020240304ek3400012"}
    assert len(find_articles(CODED * 2)) == 2


def test_articles_without_codes() -> None:
    first, second = find_articles(PLAIN * 2)
    for article in (first, second):
        assert (PLAIN * 2)[article.start : article.end].startswith("The harbour authority")
        assert article.given.title == "Southport closes its northern quay"
        assert (article.given.publisher, article.given.authors) == ("The Coast Courier", ("Mara Lind",))
        assert (article.given.published, article.given.language) == (date(2024, 3, 4), "en")


def test_a_text_with_a_few_such_lines_is_no_export() -> None:
    assert find_articles("HD video is in.\nLP records are out.\n\nThe mayor said so.\n") == []
    assert find_articles("The mayor signed it.\n\nDocument ABCDEFGHIJKLMNOP\n") == []


def test_finding_articles_is_linear() -> None:
    assert grows_linearly(find_articles, CODED * 300, CODED * 600)
    assert grows_linearly(find_articles, PLAIN * 300, PLAIN * 600)
