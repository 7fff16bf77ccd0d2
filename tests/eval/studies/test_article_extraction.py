"""Measures a page in the layout of the benchmark, and the citations of the benchmark's own pages if they are there."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.studies.article_extraction import (
    judge_dates,
    judge_titles,
    load_pages,
    measure_pages,
    page_table,
    read_page,
    report,
    stated_dates,
    tab_title,
)

BODY = (
    "The bridge was closed on Monday after a crack was found in it, the mayor of the town said.\n"
    "Nobody was hurt, and the road is to open again before the winter comes."
)
PAGE = """<html><head><meta property="article:published_time" content="2016-02-02T10:00:00Z"></head><body>
<nav>Home</nav><p>{}</p><p>{}</p><footer>© 2019 The Example. All rights reserved.</footer>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "a.html").write_text(PAGE.format(*BODY.splitlines()))
    row = {"id": "a", "url": "https://example.org/", "body": BODY, "flat": f"  * Home\n\n{BODY}\n\n© 2019 The Example."}
    (tmp_path / "articles.jsonl").write_text(json.dumps(row) + "\n")
    return tmp_path


def test_a_page_is_measured_in_both_forms(folder: Path) -> None:
    figures = measure_pages(load_pages(folder))
    assert figures.extraction["html"].f1.value == 1
    assert figures.extraction["flat"].f1.value == 1
    assert figures.extraction["raw"].precision.value < 1
    assert (figures.dates.stating, figures.dates.right) == (1, 1)
    assert (figures.citations, figures.broken) == (8, 0)
    assert "| HTML, extracted by Wherefrom | 1.000 (1.000 to 1.000)" in report(figures)


def test_the_figures_of_each_page_are_given(folder: Path) -> None:
    figures = measure_pages(load_pages(folder))
    (page,) = figures.by_page
    assert (page.page_id, page.html, page.flat) == ("a", 1, 1)
    assert page_table(figures).endswith("| a | 1.000 | 1.000 | 1.000 | 1.000 |")


def test_a_missing_page_is_an_error_that_names_it(folder: Path) -> None:
    (folder / "html" / "a.html").unlink()
    with pytest.raises(EvalDataError, match=r"line 1, id: there is no .*a\.html"):
        load_pages(folder)


def test_dates_are_counted_on_pages_that_state_one() -> None:
    day, other = date(2016, 2, 2), date(2016, 2, 3)
    dates = judge_dates([({day}, day), ({day}, other), ({day, other}, None), (set(), day)])
    assert (dates.stating, dates.right, dates.wrong, dates.missing) == (3, 1, 1, 1)


def test_titles_are_compared_by_their_words() -> None:
    whole = "Old bridge is to close for the winter"
    titles = judge_titles([(whole, "OLD bridge is to close, for the winter"), (whole, whole[:30]), (whole, "Sports")])
    assert (titles.stating, titles.right, titles.wrong, titles.missing) == (3, 2, 1, 0)
    assert judge_titles([(whole, None), (None, whole)]).missing == 1


def test_the_title_of_a_tab_is_read_without_its_references() -> None:
    assert tab_title(b"<head><title lang=en>Bread &amp;\n butter</title>") == "Bread & butter"


@pytest.mark.parametrize(
    "source",
    [
        '{"datePublished": "2016-02-02T00:00"}',
        "<meta content='2016-02-02' property='article:published_time'>",
        '<time itemprop="datePublished" datetime="2016-02-02">',
    ],
)
def test_a_stated_date_is_found_in_the_source(source: str) -> None:
    assert stated_dates(source.encode()) == {date(2016, 2, 2)}


def test_every_citation_of_the_benchmark_pages_matches_its_source() -> None:
    bench = Path(os.environ.get("WHEREFROM_BENCH", ROOT.parent / "shared" / "bench")) / "articles"
    if not bench.is_dir():
        reason = f"no pages to check at {bench}; name the folder in WHEREFROM_BENCH"
        pytest.skip(reason)
    pages = load_pages(bench)
    readings = [read_page(page.raw, "text/html") for page in pages]
    readings += [read_page(page.flat.encode(), "text/plain") for page in pages]
    assert sum(each.citations for each in readings) > 10_000
    assert sum(each.broken for each in readings) == 0
    assert sum(each.text == "" for each in readings) == 0
