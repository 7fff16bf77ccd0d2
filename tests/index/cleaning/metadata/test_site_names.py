import pytest

from wherefrom.index.cleaning.metadata.site_names import names_of_host, without_site_name

NAMES = ["The Coast Courier", *names_of_host("https://www.courier.example/news/1")]


@pytest.mark.parametrize(
    "title",
    [
        "The mill is closed - The Coast Courier",
        "The mill is closed | Coast Courier",
        "The mill is closed \u2013 COURIER.EXAMPLE",
        "Coast Courier | The mill is closed",
        "The mill is closed | Coast Courier | courier.example",
    ],
)
def test_the_name_of_the_site_is_removed_at_both_ends(title: str) -> None:
    assert without_site_name(title, NAMES).strip() == "The mill is closed"


@pytest.mark.parametrize(
    "title",
    ["The mill - a history", "Coast Courier", "Mill | Coast Courier", "A Coast-Courier prize", "At the Coast Courier"],
)
def test_other_titles_stay_as_they_are(title: str) -> None:
    assert without_site_name(title, NAMES) == title


def test_an_address_without_a_host_names_no_site() -> None:
    assert names_of_host("http://[bad") == []
    assert names_of_host(None) == []
