"""The page with three thousand documents, and while the service is not ready, in a real browser."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.service.api.test_server import opening_server, tell
from tests.support.documents import read
from tests.support.library_samples import WordEmbedder
from tests.support.servers.word_server import word_server
from wherefrom.index.library import Library
from wherefrom.index.types import Document, Given

DOCUMENTS = 3_000
PUBLISHERS = 40
HAMLIN = 1_234
TEXT = b"The county met on Monday and spoke about roads, its clerk said in the evening.\n"


def articles() -> Iterator[tuple[str, Document]]:
    """Yield ids and documents; one title has the words "Hamlin" and "bills" apart."""
    article = read(TEXT, source="report.txt", given=Given(title="Report", publisher="Paper"))
    for number in range(DOCUMENTS):
        title = "Hamlin explains why the bills are late" if number == HAMLIN else f"Report {number:04} of the county"
        publisher = f"Paper {number % PUBLISHERS:02}"
        given = replace(article.given, title=title, publisher=publisher)
        metadata = replace(article.metadata, title=title, publisher=publisher)
        name = f"report-{number:04}"
        yield name, replace(article, source=f"{name}.txt", given=given, metadata=metadata)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a service with many documents."""
    data = tmp_path_factory.mktemp("large")
    with Library.open(data, embedder=WordEmbedder()) as library:
        library.put_many(articles())
    with word_server(data) as served:
        yield served.url


@pytest.fixture
def page(browser: Browser, large: str) -> Iterator[Page]:
    """Yield the collection view of the large collection."""
    opened = browser.new_page(base_url=large)
    opened.goto("/?view=collection")
    expect(opened.locator("tbody tr")).to_have_count(50)
    yield opened
    opened.close()


def total(large: str, q: str = "") -> int:
    return int(httpx2.get(f"{large}/v1/documents", params={"limit": 1, "q": q}).json()["total"])


def test_the_list_comes_in_pages_and_leads_back(page: Page, large: str) -> None:
    expect(page.get_by_role("status").filter(has_text="1 to 50 of")).to_contain_text(f"{total(large):,} documents")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("status").filter(has_text="51 to 100 of")).to_be_visible()
    page.get_by_role("button", name="Previous").click()
    expect(page.get_by_role("status").filter(has_text="1 to 50 of")).to_be_visible()
    expect(page.get_by_role("button", name="Previous")).to_be_disabled()
    expect(page.get_by_role("button", name="Next")).to_be_focused()


def test_the_list_is_used_with_the_keyboard_from_page_to_page(page: Page) -> None:
    page.get_by_role("button", name="Next").focus()
    for first in ("51", "101"):
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text=f"{first} to")).to_be_visible()
        expect(page.get_by_role("button", name="Next")).to_be_focused()


def test_the_back_button_leads_to_the_same_place_of_the_list(page: Page) -> None:
    title = page.locator("tbody th a").nth(40)
    title.scroll_into_view_if_needed()
    place = title.bounding_box()
    title.click()
    page.locator(".source").wait_for()
    page.go_back()
    page.locator("tbody tr").nth(49).wait_for()
    expect(title).to_be_in_viewport()
    assert place == title.bounding_box()


def test_the_head_of_a_column_sorts_the_whole_collection_in_both_directions(page: Page) -> None:
    page.get_by_role("button", name="Title", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Title")
    expect(page.locator("tbody th a").first).to_have_text(re.compile("^China, Russia Forge Common Stance"))
    expect(page.get_by_role("button", name="Title", exact=True)).to_be_focused()
    page.get_by_role("button", name="Title", exact=True).click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Title")
    expect(page.locator("tbody th a").first).to_have_text("US to continue talks with South Korea over missile system")


def test_words_that_stand_apart_in_a_title_find_it(page: Page) -> None:
    page.get_by_label("Find a document").fill("bills hamlin")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody th a")).to_have_text("Hamlin explains why the bills are late")
    page.get_by_label("Find a document").fill("no such words")
    expect(page.locator(".list")).to_have_text("No document matches.")


def test_ten_documents_are_chosen_and_deleted_together(page: Page, large: str) -> None:
    before, found = total(large), total(large, q="report paper 07")
    page.get_by_label("Find a document").fill("report paper 07")
    expect(page.get_by_role("status").filter(has_text=f"of {found} documents")).to_be_visible()
    for number in range(10):
        page.locator("tbody input[type=checkbox]").nth(number).check()
    page.get_by_role("button", name="Delete 10 documents").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete these 10 documents?")
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text=f"of {found - 10} documents")).to_be_visible()
    expect(page.locator("main")).to_be_focused()
    assert total(large) == before - 10


def test_a_date_and_a_publisher_are_corrected_by_hand_and_restored(page: Page) -> None:
    page.get_by_label("Find a document").fill("report-2999")
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Correct").click()
    page.get_by_label("Published", exact=True).fill("2020-02-29")
    page.get_by_label("Publisher", exact=True).fill("The Corrected Post")
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("29 February 2020")
    expect(row).to_contain_text("The Corrected Post")
    expect(row).to_contain_text("publisher, date given by hand")
    expect(row.get_by_role("button", name="Correct")).to_be_focused()
    row.get_by_role("button", name="Correct").click()
    for box in page.get_by_label("Given by hand; use what the source says instead").all():
        box.check()
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Paper 39")
    expect(row).to_contain_text("undated")


def test_publishers_of_the_filter_are_searched_and_counted(page: Page) -> None:
    page.goto("/")
    page.get_by_text("by publisher and date").click()
    page.get_by_label("Search publisher").fill("paper 05")
    expect(page.locator(".filters .boxes").first.get_by_role("checkbox")).to_have_count(1)
    expect(page.locator(".filters .boxes").first).to_contain_text("Paper 05 75")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_collection_and_its_dialogs(scheme: str, page: Page) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.locator("tbody input[type=checkbox]").first.check()
    assert serious(page) == []
    page.get_by_role("button", name="Correct").first.click()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert serious(page) == []


def serious(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [violation["id"] for violation in violations if violation["impact"] in ("serious", "critical")]


def test_the_page_says_what_is_being_prepared_and_goes_on_by_itself(tmp_path: Path, browser: Browser) -> None:
    with opening_server(tmp_path, "opens") as (process, url):
        page = browser.new_page(base_url=url)
        page.goto("/")
        expect(page.locator("main")).to_contain_text("Preparing the language model (first run only)")
        assert serious(page) == []
        page.emulate_media(color_scheme="dark")
        assert serious(page) == []
        tell(process)
        expect(page.locator("main")).to_contain_text("Newest documents")
        page.close()
