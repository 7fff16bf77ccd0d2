"""Takes the screenshots in docs/screenshots, of a service on the seeds. Run by `make screenshots`."""

import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import httpx2
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.library_samples import QUESTION
from tests.support.paths import ROOT, SEEDS
from tests.support.pdf_files import PdfPage, PlacedLine, pdf_bytes
from tests.support.servers.browsing import browsing, serving
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library

FOLDER = ROOT / "docs" / "screenshots"
WIDE = ViewportSize(width=1100, height=760)
PHONE = ViewportSize(width=390, height=780)
COLOURS = 192
VIEWS = {
    "start": "/",
    "answer": f"/?q={QUESTION}",
    "no-answer": "/?q=Which BTS song was most viewed?",
    "source": f"/?q={QUESTION}",
    "original": f"/?q={QUESTION}",
    "collection": "/?view=collection",
    "quotes": "/?view=quotes",
}
PDF = "bridge.pdf"
PDF_SENTENCE = "A ferry takes its place until the new bridge is built."
PDF_LINES = (
    "The harbour council voted on Monday to close the old bridge over the river,",
    "which had been built for carts and was too weak for the lorries of the mill.",
    f"{PDF_SENTENCE} The council",
    "will hear in June what it is to cost, and who is to pay for it.",
)


def take_all(browser: Browser, url: str, views: Mapping[str, str]) -> None:
    """Take every view in light, dark and on a phone."""
    for name, scheme, size in (("light", "light", WIDE), ("dark", "dark", WIDE), ("phone", "light", PHONE)):
        context = browser.new_context(base_url=url, viewport=size)
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for view, address in views.items():
            page.goto(address)
            if view == "start":
                page.locator(".suggested a").first.wait_for()
            if view == "answer":
                keep_and_explain(page)
            if view == "quotes":
                page.locator(".quotes .verdict").first.wait_for()
                page.get_by_label("Note on quotation 1").fill("The reason that both governments give.")
                page.get_by_label("Note on quotation 1").blur()
            if view in ("source", "original"):
                page.get_by_role("link", name="Read it in the source").click()
                page.locator(".verdict.valid").wait_for()
            if view == "original":
                page.get_by_role("tab", name="Original file").click()
            page.wait_for_load_state("networkidle")
            save(page, FOLDER / f"{view}-{name}.png")
        context.close()


def keep_and_explain(page: Page) -> None:
    """Keep the answer and a passage as quotes, and open the explanation of the first passage."""
    page.locator("button.keep").first.click()
    page.locator("button.keep").nth(2).click()
    page.get_by_text("Why this passage").first.click()
    page.locator(".reasons strong").first.wait_for()
    page.evaluate("scrollTo(0, 0)")


def add_pdf(url: str) -> dict[str, str]:
    """Add a PDF, which is not in the other screenshots, and return the view of a citation from it."""
    lines = [PlacedLine(text=text, left=72, top=110 + 16 * number) for number, text in enumerate(PDF_LINES)]
    address = f"{url}/v1/documents/{PDF}"
    raw = pdf_bytes([PdfPage(lines)])
    httpx2.put(address, content=raw, headers={"Content-Type": "application/pdf"}, timeout=60).raise_for_status()
    start = httpx2.get(f"{address}/text").text.index(PDF_SENTENCE)
    return {"pdf": f"/?document={PDF}&at={start}-{start + len(PDF_SENTENCE)}"}


def save(page: Page, file: Path) -> None:
    """Save a screenshot with few colours: enough for a page of text, at a third of the file size."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def main() -> None:
    """Index the seeds, serve them and take the screenshots."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        with Library.open(Path(data), embedder=load_embedder(None)) as library:
            ingest(library, [SEEDS])
        with serving(Path(data)) as url, browsing() as browser:
            take_all(browser, url, VIEWS)
            take_all(browser, url, add_pdf(url))


if __name__ == "__main__":
    main()
