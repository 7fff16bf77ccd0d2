"""How well articles are read from pages and from flattened text, on a folder of pages with their articles known.

The folder has `articles.jsonl` (`id`, `url`, `body`, `flat`) and `html/ID.html`, as the article extraction benchmark's
pages are laid out. Run: python -m wherefrom.eval.measurement.articles FOLDER
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import trafilatura
import typer

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.article_dates import Dates, judge_dates, stated_days
from wherefrom.eval.measurement.article_pages import ArticlePage, ReadPage, load, read_page
from wherefrom.eval.metrics.text_overlap import Extraction, Found, compare, score
from wherefrom.eval.progress import progress_bar

NAMES = {
    "html": "HTML, as Wherefrom reads it",
    "trafilatura": "HTML, trafilatura's own text",
    "flat": "flat text, as Wherefrom reads it",
    "raw": "flat text as it is",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that the command says."""

    pages: int
    extraction: dict[str, Extraction]
    dates: Dates
    citations: int
    broken: int
    slowest: float
    """Seconds for 100 kB of source, on the page that took longest for its size."""


def measure(pages: Sequence[ArticlePage]) -> Figures:
    """Read every page in both forms, and compare."""
    found: dict[str, list[Found]] = {name: [] for name in NAMES}
    readings: list[ReadPage] = []
    stated: list[tuple[set[date], date | None]] = []
    with progress_bar("Reading", len(pages)) as advance:
        for page in pages:
            as_page, as_text = read_page(page.raw, "text/html"), read_page(page.flat.encode(), "text/plain")
            own = trafilatura.extract(page.raw, include_comments=False) or ""
            texts = {"html": as_page.text, "trafilatura": own, "flat": as_text.text, "raw": page.flat}
            for name, text in texts.items():
                found[name].append(compare(page.body, text))
            readings += [as_page, as_text]
            stated.append((stated_days(page.raw), as_page.published))
            advance(1)
    return Figures(
        pages=len(pages),
        extraction={name: score(each) for name, each in found.items()},
        dates=judge_dates(stated),
        citations=sum(each.citations for each in readings),
        broken=sum(each.broken for each in readings),
        slowest=max(each.seconds for each in readings[2:] or readings),  # the first one loads trafilatura
    )


def report(figures: Figures) -> str:
    """The figures as a table in Markdown."""
    lines = [f"| {figures.pages} pages | F1 | precision | recall |", "| --- | --- | --- | --- |"]
    for name, each in figures.extraction.items():
        cells = (f"{f.value:.3f} ({f.low:.3f} to {f.high:.3f})" for f in (each.f1, each.precision, each.recall))
        lines.append(f"| {NAMES[name]} | {' | '.join(cells)} |")
    dates = figures.dates
    told = f"{dates.right} right, {dates.wrong} wrong, {dates.null} null"
    citations = f"{figures.citations:,} of paragraphs and sentences checked in both forms"
    return "\n".join(
        [
            *lines,
            "",
            f"- Publication dates, on {dates.stating} pages that state one (JSON-LD, OpenGraph, `itemprop`): {told}.",
            f"- Citations: {citations}, {figures.broken:,} that do not hold.",
            f"- Slowest page for its size: {figures.slowest:.2f} s for 100 kB.",
        ]
    )


def main(
    folder: Annotated[Path, typer.Argument(help="A folder with articles.jsonl and html/.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Measure how well articles are read."""
    try:
        figures = measure(load(folder))
    except EvalDataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(json.dumps(asdict(figures), indent=2) if as_json else report(figures))


if __name__ == "__main__":
    typer.run(main)
