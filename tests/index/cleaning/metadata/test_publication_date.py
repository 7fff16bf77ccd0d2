from datetime import date

import pytest

from tests.support.pages import BODY, page_of
from wherefrom.index.cleaning.metadata.publication_date import find_publication_date
from wherefrom.index.cleaning.metadata.title import find_title

TITLE = "Old bridge is to close for the winter"


def day_of(text: str) -> date | None:
    page = page_of(text)
    title = find_title(page)
    published = find_publication_date(page, title.block_index if title else None)
    return published.day if published else None


@pytest.mark.parametrize(
    "stamp",
    [
        "Posted : 2016-02-02 16:54",
        "Tue Feb 2, 2016 15:17:30",
        "By Jane Doe, 2 February 2016",
        "Published 2016-02-02\nUpdated 2017-01-01",
        "Veröffentlicht am 2. Februar 2016, 09:12 Uhr",
        "Publié le 2 février 2016 à 10h35 | Mis à jour le 3 mars 2016",
        "Опубликовано 2 февраля 2016",
        "2016年2月2日",
    ],
)
def test_a_date_between_headline_and_body_is_the_publication_date(stamp: str) -> None:
    assert day_of(f"{TITLE}\n{stamp}\n\n{BODY}") == date(2016, 2, 2)


def test_a_labelled_date_below_the_body_is_the_publication_date() -> None:
    assert day_of(f"{TITLE}\n\n{BODY}\nFirst Published: Tuesday, February 2, 2016 08:38 AM\n") == date(2016, 2, 2)


@pytest.mark.parametrize(
    "text",
    [
        f"Sun, December 8, 2019 | 02:30\nDefense\n{TITLE}\n\n{BODY}",
        f"{TITLE}\nUpdated : 2016-02-02 16:54\n\n{BODY}",
        f"{TITLE}\n03/04/2016\n\n{BODY}",
        f"{TITLE}\n\nA rally in the capital, February 23, 2016. (Photo by AFP)\n\n{BODY}",
        f"{TITLE}\n\n{BODY}\nThe bridge was built in the spring, on May 5, 1911, and it has stood since then.\n",
        f"{TITLE}\n2 February 2016\n3 February 2016\n\n{BODY}",
        f"{TITLE}\n\n{BODY}\n\nFebruary 2, 2016\n",
        f"May 1, 2015\nAnother headline of the page\nMay 3, 2015\n{TITLE}\nMay 5, 2015\n\n{BODY}",
    ],
    ids=["page clock", "update", "ambiguous", "photograph", "in the body", "two dates", "unlabelled below", "list"],
)
def test_another_kind_of_date_is_ignored(text: str) -> None:
    assert day_of(text) is None
