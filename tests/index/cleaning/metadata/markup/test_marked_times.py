"""A date of change is not read as the publication date, wherever it is labelled."""

from datetime import date

import pytest

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.cleaning.metadata.markup.marked_times import change_spans, marked_time
from wherefrom.index.sources.html_tokenizer import tokenize
from wherefrom.index.types import RawSource

BODY = "<p>" + "The mill of Northport was closed on Monday after a fire, its owner said. " * 3 + "</p>"


def published(beside: str) -> date | None:
    page = f"<!doctype html><title>The mill is closed</title><h1>The mill is closed</h1>{beside}{BODY}{BODY}"
    return extract(RawSource(name="mill.html", raw=page.encode())).metadata.published


@pytest.mark.parametrize(
    "beside",
    [
        '<time datetime="2024-03-08">Last updated on 8 March 2024</time>',
        '<time datetime="2024-03-08"><b>Modified:</b> 8 March 2024</time>',
        '<time datetime="2024-03-08">Aktualisiert am 8. März 2024</time>',
        '<time datetime="2024-03-08">8 March 2024 (updated)</time>',
        '<time itemprop="dateModified" datetime="2024-03-08">8 March 2024</time>',
        '<span class="last-updated"><time datetime="2024-03-08">8 March 2024</time></span>',
        '<p class="date-modified">8 March 2024</p>',
    ],
)
def test_a_date_of_change_is_no_publication_date(beside: str) -> None:
    assert published(beside) is None


@pytest.mark.parametrize(
    "beside",
    [
        '<time datetime="2024-03-04">Published on 4 March 2024</time>',
        '<time datetime="2024-03-04">Published 4 March 2024, updated 8 March 2024</time>',
        '<time datetime="2024-03-04">4 March 2024, 10:00 (updated 12:00)</time>',
        '<time class="entry-date published updated" datetime="2024-03-04">4 March 2024</time>',
        '<time class="updated" datetime="2024-03-08">8 March 2024</time><p>4 March 2024</p>',
        '<p class="news-updates">4 March 2024</p>',
    ],
)
def test_a_publication_date_beside_a_change_is_kept(beside: str) -> None:
    assert published(beside) == date(2024, 3, 4)


def test_a_time_without_a_date_is_none() -> None:
    page = "<time datetime=soon>soon</time>"
    assert marked_time(page, list(tokenize(page)), 0) is None


def test_a_long_element_is_no_date_of_change() -> None:
    page = f'<div class="modified">{BODY}</div><i class="modified">today</i>'
    assert [page[span.start : span.end] for span in change_spans(page, list(tokenize(page)))] == ["today"]
