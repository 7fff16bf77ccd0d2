"""Makes the animation in the README: a question, its answer, and the words in the source. Run by `make demo`."""

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.support.library_samples import QUESTION
from tests.support.paths import ROOT, SEEDS
from tests.support.servers.browsing import browsing, serving
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library

FILE = ROOT / "docs" / "screenshots" / "demo.gif"
SIZE = (900, 620)
COLOURS = 64
TYPED_AT_ONCE = 4
"""Number of characters of the question that are typed between two frames."""
TYPING_MS, READING_MS = 90, 3_000


class Recorder:
    """Takes frames of a page, each with its duration."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.frames: list[Image.Image] = []
        self.durations: list[int] = []

    def take(self, milliseconds: int) -> None:
        """Take a frame that is shown for a number of milliseconds."""
        picture = Image.open(BytesIO(self._page.screenshot())).convert("RGB")
        self.frames.append(picture.quantize(COLOURS, dither=Image.Dither.NONE))
        self.durations.append(milliseconds)

    def save(self, file: Path) -> None:
        """Write the frames as a GIF that loops for ever."""
        first, *rest = self.frames
        first.save(file, save_all=True, append_images=rest, duration=self.durations, loop=0, optimize=True)


def record(page: Page) -> Recorder:
    """Ask the question, read the answer, and open its source."""
    recorder = Recorder(page)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    recorder.take(READING_MS // 2)
    box = page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first
    box.click()
    for start in range(0, len(QUESTION), TYPED_AT_ONCE):
        box.press_sequentially(QUESTION[start : start + TYPED_AT_ONCE])
        recorder.take(TYPING_MS)
    box.press("Enter")
    source = page.get_by_role("link", name="Read it in the source")
    source.wait_for()
    page.wait_for_load_state("networkidle")
    recorder.take(READING_MS)
    source.click()
    page.locator(".verdict.valid").wait_for()
    page.wait_for_load_state("networkidle")
    recorder.take(READING_MS)
    return recorder


def main() -> None:
    """Index the seeds, serve them and make the animation."""
    with tempfile.TemporaryDirectory() as data:
        with Library.open(Path(data), embedder=load_embedder(None)) as library:
            ingest(library, [SEEDS])
        with serving(Path(data)) as url, browsing() as browser:
            context = browser.new_context(base_url=url, viewport={"width": SIZE[0], "height": SIZE[1]})
            record(context.new_page()).save(FILE)
            context.close()


if __name__ == "__main__":
    main()
