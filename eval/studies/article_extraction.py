"""Measures the extraction of articles from HTML pages and from flattened text, on pages whose articles are known.

The folder has `articles.jsonl` (`id`, `url`, `body`, `flat`) and `html/ID.html`, in the layout of the article
extraction benchmark. Run: python -m wherefrom.eval.studies.article_extraction FOLDER
"""

import html
import json
import math
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import trafilatura
import typer

from wherefrom.eval.datasets.jsonl import EvalDataError, read_rows
from wherefrom.eval.metrics.text_overlap import ExtractionFigures, Overlap, extraction_figures, text_overlap
from wherefrom.eval.progress import progress_bar
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import SourceRejected
from wherefrom.index.types import Document, Heading, MediaType, Paragraph, RawSource, Span

LABELS = {
    "html": "HTML, extracted by Wherefrom",
    "trafilatura": "HTML, trafilatura's own text",
    "flat": "flat text, extracted by Wherefrom",
    "raw": "flat text, unchanged",
}
TITLE_LABELS = {
    "flat": "Titles of flat texts",
    "below-title": "Titles of flat texts below what the browser's tab shows",
}
TAB_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,1000})", re.IGNORECASE)
TITLE_WORD = re.compile(r"\w+")
MIN_TITLE_CHARACTERS = 15
TIMED_BYTES = 100_000
# A publication date in JSON-LD, OpenGraph or microdata, found without the code of the index.
STATED_DATE = re.compile(
    r'"datePublished"\s*:\s*"([^"]+)"'
    r"|<meta[^>]{0,200}article:published_time[^>]{0,200}?content=[\"']([^\"']+)"
    r"|<meta[^>]{0,200}?content=[\"']([^\"']+)[\"'][^>]{0,200}?article:published_time"
    r"|itemprop=[\"']datePublished[\"'][^>]{0,100}?(?:content|datetime)=[\"']([^\"']+)",
    re.IGNORECASE,
)
FIRST_YEAR = 1971  # an earlier date is a default that was never set
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
UNIVERSAL_TIME = re.compile(r"\d\d:\d\d\S*?(?:Z|[+-]00:?00)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """A page: its source, its text flattened, and the text of its article."""

    page_id: str
    raw: bytes
    flat: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """The library's extraction of one form of a page, empty if the page was rejected.

    `text` has the kept paragraphs and headings, in the order of the page. `broken` is the number of `citations` that
    do not match the source. `seconds` is the time for 100 kB of source.
    """

    text: str
    title: str | None
    published: date | None
    citations: int
    broken: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFigures:
    """The numbers of right, wrong and missing dates of the pages that state a publication date in their markup.

    `local` counts right dates that are the day before or after the stated time in UTC, as the page shows it.
    """

    stating: int
    right: int
    wrong: int
    missing: int
    local: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleFigures:
    """The numbers of right, wrong and missing titles of flat texts, for the pages whose HTML has a title."""

    stating: int
    right: int
    wrong: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigures:
    """The F1 of one page in both forms, and the precision and recall of its HTML; 0 if nothing is extracted."""

    page_id: str
    html: float
    precision: float
    recall: float
    flat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFigures:
    """All figures of the study; the field names are the keys of its JSON report."""

    pages: int
    extraction: dict[str, ExtractionFigures]
    dates: DateFigures
    titles: dict[str, TitleFigures]
    citations: int
    broken: int
    slowest: float
    """Seconds for 100 kB of source, on the slowest page."""
    by_page: tuple[PageFigures, ...] = ()


def load_pages(folder: Path) -> list[ArticlePage]:
    """Read the pages of a folder. Raise EvalDataError."""
    pages = []
    for row in read_rows(folder / "articles.jsonl"):
        path = folder / "html" / f"{row.text('id')}.html"
        if not path.is_file():
            raise row.error("id", f"there is no {path}")
        pages.append(
            ArticlePage(page_id=row.text("id"), raw=path.read_bytes(), flat=row.text("flat"), body=row.text("body"))
        )
    return pages


def measure_pages(pages: Sequence[ArticlePage]) -> ArticleFigures:
    """Extract every page in both forms, and compare the texts and dates with the known ones."""
    overlaps: dict[str, list[Overlap]] = {name: [] for name in LABELS}
    readings: list[PageReading] = []
    dates: list[tuple[set[date], date | None]] = []
    local: list[set[date]] = []
    titles: dict[str, list[tuple[str | None, str | None]]] = {name: [] for name in TITLE_LABELS}
    by_page: list[PageFigures] = []
    with progress_bar("Reading", len(pages)) as advance:
        for page in pages:
            as_page, as_text = read_page(page.raw, "text/html"), read_page(page.flat.encode(), "text/plain")
            reference = trafilatura.extract(page.raw, include_comments=False) or ""
            texts = {"html": as_page.text, "trafilatura": reference, "flat": as_text.text, "raw": page.flat}
            for name, text in texts.items():
                overlaps[name].append(text_overlap(page.body, text))
            readings += [as_page, as_text]
            by_page.append(_page_figures(page.page_id, overlaps["html"][-1], overlaps["flat"][-1]))
            dates.append((stated_dates(page.raw), as_page.published))
            local.append(days_in_other_zones(page.raw))
            below_title = f"{tab_title(page.raw)}\n{page.flat}"
            titles["flat"].append((as_page.title, as_text.title))
            titles["below-title"].append((as_page.title, read_page(below_title.encode(), "text/plain").title))
            advance(1)
    return ArticleFigures(
        pages=len(pages),
        extraction={name: extraction_figures(of_form) for name, of_form in overlaps.items()},
        dates=judge_dates(dates, local),
        titles={name: judge_titles(pairs) for name, pairs in titles.items()},
        citations=sum(reading.citations for reading in readings),
        broken=sum(reading.broken for reading in readings),
        slowest=max(reading.seconds for reading in readings[2:] or readings),  # the first one imports trafilatura
        by_page=tuple(by_page),
    )


def read_page(raw: bytes, media_type: MediaType) -> PageReading:
    """Extract a source with the library, and check every citation that it could give."""
    started = time.perf_counter()
    try:
        document = extract(RawSource(name="page", raw=raw, media_type=media_type))
    except SourceRejected:
        return PageReading(text="", title=None, published=None, citations=0, broken=0, seconds=0.0)
    seconds = (time.perf_counter() - started) * TIMED_BYTES / max(len(raw), TIMED_BYTES)
    citable = _citable_texts(document)
    text = raw.decode(document.encoding, document.errors)
    return PageReading(
        text="\n".join(block.text for block in _kept_blocks(document)),
        title=document.metadata.title,
        published=document.metadata.published,
        citations=len(citable),
        broken=sum(cited != _quote(text, segments, media_type) for cited, segments in citable),
        seconds=seconds,
    )


def stated_dates(raw: bytes) -> set[date]:
    """Return the publication days that the source of a page states, each in its own time zone."""
    days = {date(*map(int, day.groups())) for value in _stated_values(raw) if (day := DAY.match(value))}
    return {day for day in days if day.year >= FIRST_YEAR}


def days_in_other_zones(raw: bytes) -> set[date]:
    """Return the days before and after the times that a page states in UTC."""
    moments = (DAY.match(value) for value in _stated_values(raw) if UNIVERSAL_TIME.search(value))
    days = [date(*map(int, day.groups())) for day in moments if day]
    return {day + timedelta(days=shift) for day in days if day.year >= FIRST_YEAR for shift in (-1, 1)}


def _stated_values(raw: bytes) -> list[str]:
    text = raw.decode("utf-8", "replace")
    return ["".join(filter(None, match.groups())).strip() for match in STATED_DATE.finditer(text)]


def judge_dates(pages: Sequence[tuple[set[date], date | None]], local: Sequence[set[date]] = ()) -> DateFigures:
    """Compare the extracted date of each page with the dates that its markup states.

    `local` has for each page the days that are also right in the page's own time zone.
    """
    stating = [
        (stated, extracted, extracted in elsewhere and extracted not in stated)
        for (stated, extracted), elsewhere in zip(pages, local or [set()] * len(pages), strict=True)
        if stated
    ]
    in_other_zone = sum(is_local for _, _, is_local in stating)
    right = sum(extracted in stated for stated, extracted, _ in stating) + in_other_zone
    missing = sum(extracted is None for _, extracted, _ in stating)
    wrong = len(stating) - right - missing
    return DateFigures(stating=len(stating), right=right, wrong=wrong, missing=missing, local=in_other_zone)


def tab_title(raw: bytes) -> str:
    """Return the title in a page's head, which programs that flatten pages often make the first line."""
    match = TAB_TITLE.search(raw.decode("utf-8", "replace"))
    return " ".join(html.unescape(match[1]).split()) if match else ""


def judge_titles(pages: Sequence[tuple[str | None, str | None]]) -> TitleFigures:
    """Compare the title of each page's HTML with that of its flat text, by their words; one may be cut off."""
    stating = [(_words(stated), _words(extracted)) for stated, extracted in pages if stated]
    right = sum(_is_same_title(stated, extracted) for stated, extracted in stating)
    missing = sum(not extracted for _, extracted in stating)
    return TitleFigures(stating=len(stating), right=right, wrong=len(stating) - right - missing, missing=missing)


def _words(text: str | None) -> str:
    return " ".join(TITLE_WORD.findall((text or "").lower()))


def _is_same_title(stated: str, extracted: str) -> bool:
    shorter, longer = sorted((stated, extracted), key=len)
    return stated == extracted or (len(shorter) >= MIN_TITLE_CHARACTERS and longer.startswith(shorter))


def page_table(figures: ArticleFigures) -> str:
    """Return the figures of each page as a Markdown table, the lowest F1 of HTML first."""
    lines = ["| page | HTML, F1 | precision | recall | flat text, F1 |", "| --- | --- | --- | --- | --- |"]
    for page in sorted(figures.by_page, key=lambda page: page.html):
        cells = (f"{value:.3f}" for value in (page.html, page.precision, page.recall, page.flat))
        lines.append(f"| {page.page_id} | {' | '.join(cells)} |")
    return "\n".join(lines)


def report(figures: ArticleFigures) -> str:
    """Return the figures as a Markdown table and a list."""
    lines = [f"| {figures.pages} pages | F1 | precision | recall |", "| --- | --- | --- | --- |"]
    for name, each in figures.extraction.items():
        cells = (f"{f.value:.3f} ({f.low:.3f} to {f.high:.3f})" for f in (each.f1, each.precision, each.recall))
        lines.append(f"| {LABELS[name]} | {' | '.join(cells)} |")
    dates = figures.dates
    local = f" ({dates.local} in the page's own time zone)" if dates.local else ""
    counts = f"{dates.right} right{local}, {dates.wrong} wrong, {dates.missing} missing"
    citations = f"{figures.citations:,} of paragraphs, headings and sentences checked in both forms"
    return "\n".join(
        [
            *lines,
            "",
            f"- Publication dates, on {dates.stating} pages that state one (JSON-LD, OpenGraph, `itemprop`): {counts}.",
            *(_title_line(name, each) for name, each in figures.titles.items()),
            f"- Citations: {citations}, {figures.broken:,} invalid.",
            f"- Slowest page relative to its size: {figures.slowest:.2f} s per 100 kB.",
        ]
    )


def _title_line(name: str, titles: TitleFigures) -> str:
    counts = f"{titles.right} right, {titles.wrong} wrong, {titles.missing} missing"
    return f"- {TITLE_LABELS[name]}, on {titles.stating} pages whose HTML has one: {counts}."


def main(
    folder: Annotated[Path, typer.Argument(help="A folder with articles.jsonl and html/.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
    by_page: Annotated[bool, typer.Option("--by-page", help="Print the figures of each page, too.")] = False,
) -> None:
    """Measure how well articles are extracted; exit code 2 for unusable data."""
    try:
        figures = measure_pages(load_pages(folder))
    except EvalDataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(json.dumps(asdict(figures), indent=2) if as_json else report(figures))
    if by_page and not as_json:
        typer.echo(f"\n{page_table(figures)}")


def _page_figures(page_id: str, as_page: Overlap, as_text: Overlap) -> PageFigures:
    precision, recall = (0.0 if math.isnan(value) else value for value in (as_page.precision, as_page.recall))
    return PageFigures(page_id=page_id, html=_f1(as_page), precision=precision, recall=recall, flat=_f1(as_text))


def _f1(overlap: Overlap) -> float:
    """Return the F1 of one page; 0 if precision or recall is undefined."""
    total = overlap.precision + overlap.recall
    return 2 * overlap.precision * overlap.recall / total if total > 0 else 0.0


def _citable_texts(document: Document) -> list[tuple[str, Sequence[Span]]]:
    """Return the text and the source spans of every paragraph, heading and sentence."""
    blocks = [(block.text, block.segments) for block in _kept_blocks(document)]
    sentences = [(p.text[s.start : s.end], s.segments) for p in document.paragraphs for s in p.sentences]
    return [*blocks, *sentences]


def _kept_blocks(document: Document) -> list[Paragraph | Heading]:
    """Return the paragraphs and headings, in the order of the source."""
    blocks: list[Paragraph | Heading] = [*document.paragraphs, *document.headings]
    return sorted(blocks, key=lambda block: block.segments[0].start)


def _quote(text: str, segments: Sequence[Span], media_type: MediaType) -> str:
    """Return the text at the segments, by the rule for the check of a citation."""
    joined = "".join(text[span.start : span.end] for span in segments)
    return " ".join((html.unescape(joined) if media_type == "text/html" else joined).split())


if __name__ == "__main__":
    typer.run(main)
