"""The page for managing the collection, in a real browser on a real server."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.support.servers.browsing import serving
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.library import Library

LIGHTHOUSE = (
    "The lighthouse of Westport went dark on Sunday.\n\nIts keeper said that the lamp will be mended by Friday.\n"
)
HARMFUL = """<!doctype html><html><head><title>Fire &lt;script&gt;window.harmed=1&lt;/script&gt;</title>
<meta property="og:site_name" content="<img src=x onerror=window.harmed=1>"></head><body><article>
<h1>Fire &lt;script&gt;window.harmed=1&lt;/script&gt; at the mill</h1>
<p>A fire &amp; its smoke closed the mill of Northport on Monday, the owner said. It will open in a week.</p>
<script>window.harmed=1</script><p onclick="window.harmed=1">Nobody was hurt, since the mill was empty when it began
&lt;img src=x onerror=window.harmed=1&gt; in the attic of the mill.</p></article></body></html>"""


@pytest.fixture
def cleaned_up(service: str) -> Iterator[None]:
    """Delete the documents that a test adds."""
    before = document_ids(service)
    yield
    for document_id in document_ids(service) - before:
        httpx2.delete(f"{service}/v1/documents/{document_id}").raise_for_status()


def document_ids(service: str) -> set[str]:
    return {document["document_id"] for document in httpx2.get(f"{service}/v1/documents").json()["documents"]}


def add(page: Page, name: str, text: str, media_type: str = "text/plain") -> None:
    page.goto("/?view=collection")
    page.locator("#files").set_input_files({"name": name, "mimeType": media_type, "buffer": text.encode()})


def test_every_document_is_listed_with_its_metadata(page: Page) -> None:
    page.goto("/?view=collection")
    expect(page.locator("tbody tr")).to_have_count(6)
    row = page.get_by_role("row").filter(has_text="Russia alarmed by S. Korea-U.S. contacts")
    expect(row).to_contain_text("The Korea Times")
    expect(row).to_contain_text("2 February 2016")
    page.get_by_label("Find a document").fill("china topix")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_bar_of_the_timeline_restricts_the_list(page: Page) -> None:
    page.goto("/?view=collection")
    bar = page.get_by_role("button", name="March 2015: 1 document")
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "true")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("AFP")
    bar.click()
    expect(page.locator("tbody tr")).to_have_count(6)


@pytest.mark.usefixtures("cleaned_up")
def test_a_mistyped_year_makes_no_thousand_bars(page: Page, service: str) -> None:
    url = f"{service}/v1/documents/lighthouse.txt"
    headers = {"content-type": "text/plain"}
    params = {"published": "0024-05-01"}
    httpx2.put(url, params=params, content=LIGHTHOUSE.encode(), headers=headers, timeout=60).raise_for_status()
    page.goto("/?view=collection")
    expect(page.locator(".bars li").first).to_be_visible()
    assert page.locator(".bars li").count() <= 60
    page.locator(".bars button").first.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("1 May 24")
    expect(page.locator(".pages")).to_contain_text("May 24 to")


@pytest.mark.usefixtures("cleaned_up")
def test_a_document_can_be_added_asked_and_deleted(page: Page) -> None:
    add(page, "light house.txt", LIGHTHOUSE)
    expect(page.locator(".queue li")).to_contain_text("added")
    row = page.locator("tbody tr").filter(has_text="light-house.txt")
    expect(row).to_have_count(1)
    page.get_by_role("link", name="Ask", exact=True).click()
    page.get_by_label("Your question").fill("When did the lighthouse of Westport go dark?")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("blockquote")).to_contain_text("went dark on Sunday")
    page.get_by_role("link", name="Collection").click()
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Keep it").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


@pytest.mark.usefixtures("cleaned_up")
def test_files_can_be_dropped_on_the_page(page: Page) -> None:
    page.goto("/?view=collection")
    page.locator(".drop").wait_for()
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "dropped.txt", {type: "text/plain"}));
            const where = document.querySelector(".drop");
            where.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        LIGHTHOUSE,
    )
    expect(page.locator(".queue li")).to_contain_text("dropped.txt")
    expect(page.locator(".queue li")).to_contain_text("added")


def test_a_refused_file_shows_the_reason(page: Page) -> None:
    add(page, "menu.txt", "Home\nNews\nAbout\n")
    expect(page.locator(".queue li")).to_contain_text("refused: ")
    expect(page.locator(".queue li")).to_contain_text("it holds no paragraph of an article")


@pytest.mark.usefixtures("cleaned_up")
def test_a_web_page_cannot_run_a_script_and_is_marked_in_its_own_source(page: Page) -> None:
    add(page, "mill.html", HARMFUL, "text/html")
    expect(page.locator(".queue li")).to_contain_text("added")
    page.goto("/?q=What closed the mill of Northport on Monday%3F")
    expect(page.locator("blockquote")).to_contain_text("A fire & its smoke closed the mill of Northport")
    page.get_by_role("link", name="Read it in the source").click()
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    expect(page.locator(".article mark")).to_contain_text("A fire & its smoke closed the mill of Northport")
    page.get_by_role("tab", name="Original file").click()
    marks = "".join(page.locator(".raw mark").all_text_contents())
    assert marks.startswith("A fire &amp; its smoke closed the mill of Northport on Monday")
    assert "<script>" not in marks
    assert page.locator("main script, main img, main [onclick]").count() == 0
    assert page.evaluate("window.harmed") is None


def test_the_page_asks_for_a_key_when_the_service_requires_one(tmp_path: Path, browser: Browser) -> None:
    with Library.open(tmp_path, embedder=load_embedder(None)):
        pass
    key = "a-key-of-enough-letters"
    with serving(tmp_path, WHEREFROM_API_KEYS=key) as url:
        page = browser.new_page(base_url=url)
        add(page, "lighthouse.txt", LIGHTHOUSE)
        page.get_by_label("API key").fill("a-wrong-key-of-letters")
        page.get_by_role("button", name="Use this key").click()
        expect(page.get_by_role("dialog")).to_contain_text("The service does not know this key.")
        page.get_by_label("API key").fill(key)
        page.get_by_role("button", name="Use this key").click()
        expect(page.locator(".queue li")).to_contain_text("added")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.close()


def test_a_wrong_key_is_forgotten_when_the_dialog_is_cancelled(tmp_path: Path, browser: Browser) -> None:
    with Library.open(tmp_path, embedder=load_embedder(None)):
        pass
    with serving(tmp_path, WHEREFROM_API_KEYS="a-key-of-enough-letters") as url:
        page = browser.new_page(base_url=url)
        add(page, "lighthouse.txt", LIGHTHOUSE)
        field = page.get_by_label("API key")
        field.fill("a-key-\u0441-cyrillic-letter")
        page.get_by_role("button", name="Use this key").click()
        assert field.evaluate("field => field.validity.patternMismatch")
        field.fill(" a-wrong-key-of-letters ")
        page.get_by_role("button", name="Use this key").click()
        expect(page.get_by_role("dialog")).to_contain_text("The service does not know this key.")
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator(".queue li")).to_contain_text("refused: The service does not know this key.")
        page.get_by_role("link", name="Ask", exact=True).click()
        expect(page.locator("main")).to_contain_text("The collection is empty.")
        page.close()


@pytest.mark.usefixtures("cleaned_up")
def test_a_file_with_the_name_of_another_replaces_it_only_after_a_question(page: Page, service: str) -> None:
    url = f"{service}/v1/documents/lighthouse.txt"
    given = {"publisher": "The Westport Post", "title": "Lamp dark"}
    headers = {"content-type": "text/plain"}
    httpx2.put(url, params=given, content=LIGHTHOUSE.encode(), headers=headers, timeout=60).raise_for_status()
    add(page, "lighthouse.txt", LIGHTHOUSE)
    expect(page.locator(".queue li")).to_contain_text("up to date")
    other = LIGHTHOUSE.replace("Sunday", "Monday")
    add(page, "lighthouse.txt", other)
    expect(page.locator(".queue li")).to_contain_text("\u201cLamp dark\u201d is there under this name")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".queue li")).to_contain_text("not added")
    assert httpx2.get(f"{url}/raw").text == LIGHTHOUSE
    add(page, "lighthouse.txt", other)
    page.get_by_role("button", name="Replace it").click()
    expect(page.locator(".queue li")).to_contain_text("replaced \u201cLamp dark\u201d")
    assert httpx2.get(f"{url}/raw").text == other
    page.get_by_role("button", name="Put the old one back").click()
    expect(page.locator(".queue li")).to_contain_text("\u201cLamp dark\u201d is back")
    assert httpx2.get(f"{url}/raw").text == LIGHTHOUSE
    restored = httpx2.get(url).json()
    assert {name: restored[name] for name in given} == given


MAIL = b"""From: Ann Otter <ann@example.org>
Subject: Lamp dark
Date: Mon, 4 Mar 2024 10:00:00 +0000
Content-Type: multipart/mixed; boundary=part

--part
Content-Type: text/plain

The lighthouse of Westport went dark on Sunday, and its keeper wrote a report about it.
--part
Content-Type: text/plain
Content-Disposition: attachment; filename=report.txt

The lamp will be mended by Friday, the keeper said in his report on the lighthouse of Westport.
--part--
"""
TABLE = b"""title,text
Lamp out,"The lighthouse of Westport went dark on Sunday, its keeper said."
Lamp on,"The lighthouse of Westport was lit again on Monday, its keeper said."
"""


def drop(page: Page, path: Path, selector: str) -> None:
    """Drop a file or folder of this machine on an element, as the browser's own drag and drop does."""
    box = page.locator(selector).evaluate("(element) => element.getBoundingClientRect().toJSON()")
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        session.send("Input.dispatchDragEvent", {"type": kind, "x": box["x"] + 5, "y": box["y"] + 5, "data": data})


@pytest.mark.usefixtures("cleaned_up")
def test_what_is_not_read_of_a_file_is_told(page: Page) -> None:
    page.goto("/?view=collection")
    page.locator("#files").set_input_files({"name": "lamp.eml", "mimeType": "message/rfc822", "buffer": MAIL})
    expect(page.locator(".queue li")).to_contain_text("added")
    expect(page.locator(".queue .warning")).to_contain_text(
        "1 further document in it, such as attachments, is not added"
    )
    page.locator("#files").set_input_files({"name": "lamp.eml", "mimeType": "message/rfc822", "buffer": MAIL})
    page.get_by_role("button", name="Replace it").click()
    expect(page.locator(".queue li").last).to_contain_text("up to date")
    expect(page.get_by_role("button", name="Put the old one back")).to_have_count(0)


@pytest.mark.parametrize("name", ["news.csv", "news.jsonl"])
def test_a_file_of_several_articles_does_not_become_one_document(page: Page, name: str, service: str) -> None:
    before = document_ids(service)
    lines = b'{"text": "The lighthouse of Westport went dark on Sunday, its keeper said."}\n' * 2
    page.goto("/?view=collection")
    content = TABLE if name.endswith(".csv") else lines
    page.locator("#files").set_input_files({"name": name, "mimeType": "", "buffer": content})
    expect(page.locator(".queue .fails")).to_contain_text("wherefrom index")
    assert document_ids(service) == before


@pytest.mark.usefixtures("cleaned_up")
def test_the_results_of_all_uploads_stay_until_they_were_seen(page: Page) -> None:
    add(page, "menu.txt", "Home\nNews\nAbout\n")
    expect(page.locator(".queue li")).to_contain_text("refused: it holds no paragraph of an article")
    page.locator("#files").set_input_files({"name": "my lamp.txt", "mimeType": "", "buffer": LIGHTHOUSE.encode()})
    expect(page.locator(".queue li")).to_have_count(2)
    expect(page.locator(".queue li").last).to_contain_text("added as my-lamp.txt-")
    page.get_by_role("link", name="Quotes").click()
    page.get_by_role("link", name="Collection").click()
    expect(page.locator(".drop")).to_be_visible()
    expect(page.locator(".queue li")).to_have_count(0)


def test_files_after_one_that_cannot_be_compared_are_sent_too(page: Page) -> None:
    """The comparison with a document of the same name is refused; nothing is replaced, and the next file is sent."""
    page.route("**/harbour.txt/raw", lambda route: route.fulfill(status=429, json={"detail": "one a minute"}))
    page.goto("/?view=collection")
    page.locator("#files").set_input_files(
        [
            FilePayload(name="harbour.txt", mimeType="", buffer=LIGHTHOUSE.encode()),
            FilePayload(name="menu.txt", mimeType="", buffer=b"Home\nNews\nAbout\n"),
        ]
    )
    expect(page.locator(".queue li").first).to_contain_text("refused: one a minute")
    expect(page.locator(".queue li").last).to_contain_text("refused: it holds no paragraph")
    expect(page.get_by_role("button", name="Replace it")).to_have_count(0)


def test_uploads_that_fail_are_named_when_the_service_answers_no_more(page: Page) -> None:
    page.goto("/?view=collection")
    page.locator("table").wait_for()
    busy = {"type": "urn:wherefrom:problem:overloaded", "detail": "too many requests"}
    page.route("**/v1/**", lambda route: route.fulfill(status=503, json=busy))
    files = [FilePayload(name=f"{name}.txt", mimeType="", buffer=LIGHTHOUSE.encode()) for name in ("one", "two")]
    page.locator("#files").set_input_files(files)
    expect(page.locator(".collection > .notice")).to_contain_text("The service is busy")
    expect(page.locator(".queue .fails")).to_have_text(["refused: The service is busy. Try again in a moment."] * 2)


@pytest.mark.usefixtures("cleaned_up")
def test_a_file_can_be_dropped_beside_the_area_and_a_folder_is_named(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "lamp.txt").write_text(LIGHTHOUSE, encoding="utf-8")
    page.goto("/?view=collection")
    page.locator("table").wait_for()
    drop(page, folder / "lamp.txt", "#collection-title")
    expect(page.locator(".queue li")).to_contain_text("added")
    drop(page, folder, ".drop")
    expect(page.locator(".queue li").last).to_contain_text("not added: this is a folder")


def test_views_of_the_collection_that_are_left_are_not_kept_for_drops(page: Page) -> None:
    page.goto("/?view=collection")
    for _ in range(3):
        page.locator(".drop").wait_for()
        page.get_by_role("link", name="Quotes").click()
        page.get_by_role("link", name="Collection").click()
    page.locator(".drop").wait_for()
    session = page.context.new_cdp_session(page)
    document = session.send("Runtime.evaluate", {"expression": "document"})["result"]["objectId"]
    listeners = session.send("DOMDebugger.getEventListeners", {"objectId": document})["listeners"]
    assert [listener["type"] for listener in listeners].count("drop") == 1
