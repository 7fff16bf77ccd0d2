"""A page of several articles has no author and no date that only one of them states."""

from datetime import date

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.types import Metadata, RawSource

FERRY = "<p>The harbour board voted on Monday to close the old ferry terminal, ending a service of a hundred years.</p>"
MILL = "<p>A fire destroyed the paper mill on Tuesday night; forty workers were led to safety, the fire chief said.</p>"
NIGHT = "<p>The cause of it is not known, and the council will meet on Friday to speak of it, a spokeswoman said.</p>"


def metadata(content: str, title: str = "The Courier") -> Metadata:
    page = f"<!doctype html><title>{title}</title><body>{content}</body>"
    return extract(RawSource(name="page.html", raw=page.encode())).metadata


def article(heading: str, author: str, day: str, prose: str, rank: str = "h2") -> str:
    head = f'<{rank}>{heading}</{rank}><p class=byline>By {author}</p><time datetime="{day}">{day}</time>'
    return f"<article>{head}{prose}{NIGHT}</article>"


def test_articles_that_differ_give_no_author_and_no_date() -> None:
    content = article("Ferry closes", "Mara Lind", "2024-03-04", FERRY)
    content += article("Mill burns", "Tom Hale", "2024-03-05", MILL)
    assert metadata(f"<h1>The Courier</h1>{content}").published is None
    assert metadata(f"<h1>The Courier</h1>{content}").authors == ()


def test_articles_that_differ_in_their_text_alone_give_none() -> None:
    content = f"<h1>News of the week</h1><h2>Ferry closes</h2><p>By Mara Lind | 4 March 2024</p>{FERRY}{NIGHT}"
    content += f"<h2>Mill burns</h2><p>By Tom Hale | 5 March 2024</p>{MILL}{NIGHT}"
    found = metadata(content, "News of the week")
    assert (found.published, found.authors) == (None, ())


def test_what_all_articles_state_is_of_the_page() -> None:
    content = article("Ferry closes", "Mara Lind", "2024-03-04", FERRY)
    content += article("Mill burns", "Tom Hale", "2024-03-04", MILL)
    found = metadata(f"<h1>The Courier</h1>{content}")
    assert (found.published, found.authors) == (date(2024, 3, 4), ())


def test_an_article_with_sections_of_other_days_keeps_its_date() -> None:
    content = '<h1>Storm Ada: live</h1><p class=byline>By Mara Lind</p><time datetime="2024-03-05">5 March 2024</time>'
    content += f"<p>{FERRY[3:-4]} {NIGHT[3:-4]}</p>" + f"<p>{NIGHT[3:-4]} {MILL[3:-4]}</p>"
    content += article("Bridge shut", "Tom Hale", "2024-03-05", MILL)
    content += article("Power cut", "Jo Fenn", "2024-03-04", NIGHT)
    found = metadata(content, "Storm Ada: live")
    assert (found.published, found.authors) == (date(2024, 3, 5), ("Mara Lind",))


def test_an_article_with_a_short_teaser_keeps_its_date() -> None:
    content = article("Ferry closes", "Mara Lind", "2024-03-04", FERRY + NIGHT + MILL, "h1")
    content += (
        '<h1>Lamp out</h1><p class=byline>By Jo Fenn</p><time datetime="2024-03-06">6 March</time><p>It is dark.</p>'
    )
    found = metadata(content, "Ferry closes")
    assert (found.published, found.authors) == (date(2024, 3, 4), ("Mara Lind",))
