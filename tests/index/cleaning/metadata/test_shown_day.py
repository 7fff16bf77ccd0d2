"""A moment in universal time is the day on which the page's readers saw it, if the page shows that day."""

from datetime import date

import pytest

from tests.support.documents import read

BODY = "<p>The mill of Northport was closed on Monday after a fire, its owner said to the paper.</p>" * 2


def published(declared: str, shown: str) -> date | None:
    page = f'<html><head><meta property="article:published_time" content="{declared}"></head><body>'
    page += f"<h1>The mill is closed</h1><p>{shown}</p>{BODY}</body></html>"
    return read(page.encode(), source="page.html").metadata.published


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ("2020-05-02T02:41:23+00:00", "Friday, May 1, 2020 10:41PM"),
        ("2020-05-02T02:41:23Z", "May 1, 2020"),
        ("2020-05-02T02:41:23Z", "Published May 1, 2020 at 8:41 p.m. Updated May 3, 2020 at 9:00 a.m."),
        ("2020-04-30T22:11:00Z", "1 May 2020, 03:41"),
    ],
)
def test_the_day_shown_beside_the_headline_is_used(declared: str, shown: str) -> None:
    assert published(declared, shown) == date(2020, 5, 1)


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ("2020-05-02T02:41:23+02:00", "May 1, 2020 10:41PM"),
        ("2020-05-02", "May 1, 2020"),
        ("2020-05-02T02:41:23Z", "May 1, 2020 10:17PM"),
        ("2020-05-02T02:41:23Z", "April 28, 2020"),
        ("2020-05-02T02:41:23Z", "Updated May 1, 2020"),
        ("2020-05-02T20:00:00Z", "May 1, 2020"),
    ],
)
def test_a_day_that_is_another_moment_changes_nothing(declared: str, shown: str) -> None:
    assert published(declared, shown) == date(2020, 5, 2)
