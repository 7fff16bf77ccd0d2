"""The written answer on the page, in a real browser on a real server with a writer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.library_samples import QUESTION
from tests.support.paths import SEEDS
from tests.support.servers.browsing import serving
from tests.support.servers.writer_server import writer_server
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    with Library.open(folder, embedder=load_embedder(None)) as library:
        assert all(result.error is None for result in ingest(library, [SEEDS]))
    return folder


@pytest.fixture(scope="module")
def writer() -> Iterator[str]:
    with writer_server() as url:
        yield url


@pytest.fixture(scope="module", params=["quoting"])
def service(request: pytest.FixtureRequest, data: Path, writer: str) -> Iterator[str]:
    """Take the place of the server that the page's other tests use."""
    settings = {"WHEREFROM_WRITER": "openai", "WHEREFROM_WRITER_URL": writer, "WHEREFROM_WRITER_SECONDS": "20"}
    with serving(data, **settings, WHEREFROM_WRITER_MODEL=request.param) as url:
        yield url


def test_sentences_stand_below_the_verbatim_answer_and_lead_to_their_passages(page: Page) -> None:
    page.goto(f"/?q={QUESTION}")
    written = page.get_by_role("region", name="In sentences")
    expect(written).to_contain_text("Written by quoting from the passages below; each sentence passed its check.")
    expected = page.request.post("/v1/answer", data={"question": QUESTION}).json()["written"]
    expect(written.locator(".text")).to_have_text(expected["text"])
    page.get_by_role("region", name="Answer").locator("blockquote").wait_for()
    written.get_by_role("link", name="Passage 1").first.click()
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")


WATCH_FETCHES = """
window.asked = [];
const fetched = window.fetch;
window.fetch = (url, options) => {
  const passages = document.querySelectorAll("article").length;
  window.asked.push({ url: String(url), method: options?.method || "GET", passages });
  return fetched(url, options);
};
"""


def test_the_passages_are_shown_before_the_page_asks_the_writer_for_anything(page: Page) -> None:
    page.add_init_script(WATCH_FETCHES)
    page.goto(f"/?q={QUESTION}")
    expect(page.get_by_role("region", name="In sentences")).to_contain_text("passed its check")
    asked = [each for each in page.evaluate("window.asked") if each["url"].endswith("v1/answer")]
    assert [each["method"] for each in asked] == ["GET", "POST"]
    assert [each["passages"] for each in asked] == [5, 5]


def test_a_passage_stands_on_the_page_while_a_slow_writer_still_writes(
    browser: Browser, data: Path, writer: str
) -> None:
    settings = {"WHEREFROM_WRITER": "openai", "WHEREFROM_WRITER_URL": writer, "WHEREFROM_WRITER_MODEL": "pausing"}
    with serving(data, **settings, WHEREFROM_WRITER_SECONDS="30") as url:
        page = browser.new_page(base_url=url)
        page.goto(f"/?q={QUESTION}")
        written = page.get_by_role("region", name="In sentences")
        expect(written).to_contain_text("Writing")
        expect(page.get_by_role("article").first).to_be_visible()
        expect(page.get_by_role("region", name="Answer").locator("blockquote")).to_be_visible()
        expect(written).to_have_attribute("aria-busy", "true")
        page.close()


def test_the_written_answer_is_accessible(page: Page) -> None:
    page.goto(f"/?q={QUESTION}")
    expect(page.get_by_role("region", name="In sentences")).to_contain_text("passed its check")
    assert Axe().run(page).response["violations"] == []


def test_the_passages_are_shown_while_the_writer_is_silent_and_a_sentence_that_does_not_count_is_taken_back(
    browser: Browser, data: Path, writer: str
) -> None:
    settings = {"WHEREFROM_WRITER": "openai", "WHEREFROM_WRITER_URL": writer}
    for model, seconds, note in (
        ("silent", "4", "did not come to an end within 4 s"),
        ("inventing", "60", "3 of 4 written sentences failed"),
    ):
        with serving(data, **settings, WHEREFROM_WRITER_MODEL=model, WHEREFROM_WRITER_SECONDS=seconds) as url:
            page = browser.new_page(base_url=url)
            page.goto(f"/?q={QUESTION}")
            expect(page.get_by_role("article")).to_have_count(5)
            written = page.get_by_role("region", name="In sentences")
            if model == "silent":
                expect(written).to_contain_text("Writing")
            expect(written).to_contain_text(note)
            expect(written.locator(".text")).to_be_empty()
            page.close()
