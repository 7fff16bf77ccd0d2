"""Quotations that are kept on the page, and given out as files, in a real browser on a real server."""

import csv
import json
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import Locator, Page, expect

from tests.support.library_samples import FIRST, QUESTION

SENTENCE = (
    "China and Russia are worried the system's powerful X-band radar and surveillance platforms could provide "
    "the US ballistic missile network with tracking data on Russian and Chinese military positions."
)
QUOTES = "/?view=quotes"


def ask(page: Page) -> None:
    page.goto(f"/?q={QUESTION}")
    page.locator("blockquote").wait_for()


def keep_three(page: Page) -> list[str]:
    """Keep the answer, which is the first passage, and the next two; return their texts in this order."""
    ask(page)
    page.locator(".answer").get_by_role("button", name="Keep").click()
    for passage in ("Passage 2", "Passage 3"):
        page.get_by_role("article", name=passage).get_by_role("button", name="Keep").click()
    return page.locator(".passage .text").all_text_contents()[:3]


def shown(page: Page) -> Locator:
    return page.locator(".quotes blockquote")


def exported(page: Page, name: str, folder: Path) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Export as {name}").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file.read_bytes()


def select(element: Locator, start: int, end: int, last: Locator | None = None) -> None:
    """Select characters of an element, or from one element into another, as a pointer does."""
    element.scroll_into_view_if_needed()
    element.evaluate(
        """(first, [start, end, last]) => {
            const at = (node, offset) => {
              const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
              for (let left = offset; walker.nextNode(); left -= walker.currentNode.length)
                if (left <= walker.currentNode.length) return [walker.currentNode, left];
            };
            getSelection().setBaseAndExtent(...at(first, start), ...at(last || first, end));
        }""",
        [start, end, last.element_handle() if last else None],
    )


def keep_selection(page: Page) -> None:
    """Keep the selected words; the service traces them first, so the page says when they are kept."""
    page.get_by_role("button", name="Keep this selection").click()
    expect(page.get_by_role("status").first).to_have_text("Kept in your quotes")


def test_quotations_are_kept_in_order_until_they_are_cleared(page: Page) -> None:
    texts = keep_three(page)
    expect(page.locator("nav .number")).to_have_text(", 3")
    page.goto(QUOTES)
    expect(shown(page)).to_have_text(texts)
    expect(page.locator(".quotes .verdict.valid")).to_have_count(3)
    page.get_by_role("button", name="Move quotation 3 up").click()
    expect(page.get_by_role("button", name="Move quotation 2 up")).to_be_focused()
    expect(shown(page)).to_have_text([texts[0], texts[2], texts[1]])
    page.get_by_role("button", name="Remove quotation 1").click()
    page.reload()
    expect(shown(page)).to_have_text([texts[2], texts[1]])
    page.get_by_role("button", name="Clear all quotes").click()
    page.get_by_role("dialog").get_by_role("button", name="Clear").click()
    expect(page.locator("main")).to_contain_text("Nothing is kept yet")
    page.reload()
    expect(page.locator("main")).to_contain_text("Nothing is kept yet")
    assert page.evaluate("localStorage.length") == 1, "the questions that were asked stay"


def test_a_kept_passage_says_so_and_is_taken_out_again(page: Page) -> None:
    ask(page)
    button = page.locator(".answer .keep")
    button.click()
    expect(button).to_have_text("Kept")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("article", name="Passage 1").locator(".keep")).to_have_text("Kept")
    page.reload()
    expect(button).to_have_text("Kept")
    button.click()
    expect(button).to_have_text("Keep")
    expect(page.locator("nav .number")).to_have_count(0)


def test_the_basket_is_exported_in_all_forms_and_read_back(page: Page, tmp_path: Path) -> None:
    texts = keep_three(page)
    page.goto(QUOTES)
    page.get_by_label("Note on quotation 1").fill("for the lead\nask the ministry")
    markdown = exported(page, "Markdown", tmp_path).decode()
    assert f"> {SENTENCE}" in markdown
    assert "Note: for the lead  \nask the ministry" in markdown
    assert "CHINA TOPIX, n.d., para. 13." in markdown
    paragraphs = Document(BytesIO(exported(page, "Word", tmp_path))).paragraphs
    assert [each.text for each in paragraphs if each.style and each.style.name == "Intense Quote"] == texts
    assert "ask the ministry" in [each.text for each in paragraphs]
    rows = list(csv.DictReader(StringIO(exported(page, "CSV", tmp_path).decode("utf-8-sig"), newline="")))
    assert [row["quotation"] for row in rows] == texts
    assert rows[0]["note"] == "for the lead\nask the ministry"
    assert (rows[0]["document_id"], rows[0]["characters"]) == (FIRST, "3207-3406")


@pytest.fixture
def article(service: str) -> Iterator[str]:
    """Add an article that a test may change, and delete it afterwards."""
    url = f"{service}/v1/documents/mill.html"
    text = (
        "<html><head><title>Mill</title></head><body><article><h1>Fire at the mill</h1>"
        "<p>A fire &amp; its <b>smoke</b> closed the mill of Northport 🦞 on Monday, its owner said in the town.</p>\n"
        "<p>Nobody was hurt, since the mill was empty when it began, she said on Tuesday &lt;at last&gt;.</p>"
        "</article></body></html>"
    )
    httpx2.put(url, content=text.encode(), headers={"Content-Type": "text/html"}).raise_for_status()
    yield url
    httpx2.delete(url)


def test_a_quotation_that_no_longer_stands_is_named_and_no_file_is_written(page: Page, article: str) -> None:
    keep_three(page)
    page.goto("/?q=What did the fire and its smoke close in Northport%3F")
    page.get_by_role("article", name="Passage 1").get_by_role("button", name="Keep").click()
    httpx2.delete(article).raise_for_status()
    page.goto(QUOTES)
    expect(page.locator(".quotes .verdict.fails")).to_have_text("No longer stands in the collection")
    page.get_by_role("button", name="Export as Markdown").click()
    expect(page.get_by_role("alert")).to_contain_text("No file was written: quotation 4 no longer stands")
    page.get_by_role("button", name="Remove quotation 4").click()
    with page.expect_download():
        page.get_by_role("button", name="Export as Markdown").click()


def test_words_selected_in_a_text_file_are_kept_with_their_exact_characters(page: Page, tmp_path: Path) -> None:
    page.goto(f"/?document={FIRST}&at=3207-3406&tab=original")
    page.locator(".verdict.valid").wait_for()
    row = page.locator(".raw .row .text").nth(42)
    button = page.get_by_role("button", name="Keep this selection")
    expect(button).to_have_count(0)
    select(row, 31, 61)
    keep_selection(page)
    expect(button).to_have_count(0)
    page.goto(QUOTES)
    expect(shown(page)).to_have_text([SENTENCE[31:61]])
    (row_of_file,) = csv.DictReader(StringIO(exported(page, "CSV", tmp_path).decode("utf-8-sig"), newline=""))
    assert (row_of_file["quotation"], row_of_file["characters"]) == (SENTENCE[31:61], f"{3207 + 31}-{3207 + 61}")
    assert row_of_file["paragraphs"] == "13"


def test_a_selection_over_lines_keeps_its_words_apart(page: Page) -> None:
    page.goto(f"/?document={FIRST}&at=3207-3406&tab=original")
    page.locator(".verdict.valid").wait_for()
    rows = page.locator(".raw .row .text")
    select(rows.nth(42), len(SENTENCE) - 10, 12, last=rows.nth(44))
    keep_selection(page)
    page.goto(QUOTES)
    following = page.request.get(f"/v1/documents/{FIRST}/text").text().split("\n")[44]
    expect(shown(page)).to_have_text([f"{SENTENCE[-10:]} {following[:12]}"])
    expect(page.locator(".quotes .verdict.valid")).to_have_count(1)


def test_characters_beyond_the_basic_plane_do_not_shift_a_selection(page: Page) -> None:
    page.goto("/?document=harbour.txt&tab=original")
    row = page.locator(".raw .row .text").filter(has_text="Lobster boats")
    text = row.text_content() or ""
    start = text.index("🦞 left")
    select(row, start, start + len("🦞 left at dawn") + 1)
    keep_selection(page)
    page.goto(QUOTES)
    expect(shown(page)).to_have_text(["🦞 left at dawn"])
    expect(page.locator(".quotes .verdict.valid")).to_have_count(1)


@pytest.mark.parametrize("tab", ["", "&tab=original"])
def test_a_selection_keeps_the_characters_that_are_white_space_in_a_browser_alone(
    page: Page, service: str, tab: str
) -> None:
    url = f"{service}/v1/documents/marks.txt"
    text = "Lamp dark\n\nThe ferry of Northport \ufeffleft\x1f the harbour\ufeff at dawn, its captain said to a paper."
    httpx2.put(url, content=text.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}).raise_for_status()
    try:
        page.goto(f"/?document=marks.txt{tab}")
        row = page.locator(".raw .row .text" if tab else ".article [data-number]").filter(has_text="ferry").first
        shown_text = row.text_content() or ""
        select(row, shown_text.index("\ufeffleft"), shown_text.index(" at dawn"))
        keep_selection(page)
        page.goto(QUOTES)
        expect(page.locator(".quotes .verdict.valid")).to_have_count(1)
        assert shown(page).text_content() == "\ufeffleft the harbour\ufeff"
    finally:
        httpx2.delete(url)


def test_words_selected_in_a_paragraph_of_a_page_are_traced_to_its_markup(page: Page, article: str) -> None:
    page.goto("/?document=mill.html")
    reading = page.request.get(f"{article}/reading").json()
    first, second = (each["text"] for each in reading["paragraphs"][-2:])
    paragraphs = page.locator(".article [data-number]")
    start = first.index("fire & its")
    select(paragraphs.nth(len(reading["paragraphs"]) - 2), start, start + len("fire & its smoke closed"))
    keep_selection(page)
    end = second.index("hurt") + 4
    start = first.index("🦞")
    select(paragraphs.nth(len(reading["paragraphs"]) - 2), start + 3, end, last=paragraphs.last)
    page.get_by_role("button", name="Keep this selection").click()
    expect(page.locator("nav .number")).to_have_text(", 2")
    kept = page.evaluate("Object.entries(localStorage).find(([name]) => name.endsWith('quotations'))[1]")
    quoted = [each["cited_text"] for each in json.loads(kept)]
    assert quoted[0] == "fire & its smoke closed"
    assert quoted[1] == "on Monday, its owner said in the town. Nobody was hurt"
    page.goto(QUOTES)
    expect(page.locator(".quotes .verdict.valid")).to_have_count(2)


@pytest.fixture
def interview(service: str) -> Iterator[str]:
    """Add an interview with a subhead, of which two paragraphs have no white space between them; return its id."""
    url = f"{service}/v1/documents/interview.html"
    text = (
        "<html><head><title>Interview: the harbour master</title></head><body><article><h1>Interview</h1>\n"
        "<p>Tom Reef has been harbour master of Eastport for twenty years, and he spoke to this paper.</p>\n"
        "<h2>The bridge</h2>\n<p><b>Why does the bridge have to close?</b></p>\n"
        "<p>Its bearings have cracked, and there was no other way than to close it.</p>\n"
        "<p><b>How long will it take?</b></p>\n"
        "<p>Eleven weeks, if the weather holds, and I think that it will hold this spring.</p>"
        "<p>The ferry sails every ten minutes and is free for people on foot, at our own cost.</p>"
        "</article></body></html>"
    )
    httpx2.put(url, content=text.encode(), headers={"Content-Type": "text/html"}).raise_for_status()
    yield "interview.html"
    httpx2.delete(url)


def test_a_selection_over_a_question_of_an_interview_and_a_subhead_has_them(page: Page, interview: str) -> None:
    page.goto(f"/?document={interview}")
    first, bearings = (page.locator(".article p").filter(has_text=text) for text in ("Tom Reef", "Its bearings"))
    weeks = page.locator(".article p").filter(has_text="Eleven weeks")
    select(bearings, 54, 12, last=weeks)
    keep_selection(page)
    select(first, 75, 12, last=bearings)
    page.get_by_role("button", name="Keep this selection").click()
    expect(page.locator("nav .number")).to_have_text(", 2")
    page.goto(QUOTES)
    expect(shown(page)).to_have_text(
        [
            "than to close it. How long will it take? Eleven weeks",
            "to this paper. The bridge Why does the bridge have to close? Its bearings",
        ]
    )
    expect(page.locator(".quotes .verdict.valid")).to_have_count(2)


def test_a_kept_subhead_is_cited_by_its_line(page: Page, interview: str, tmp_path: Path) -> None:
    page.goto(f"/?document={interview}")
    select(page.locator(".article h2"), 0, 10)
    keep_selection(page)
    page.goto(QUOTES)
    expect(page.locator(".quotes .by")).to_have_text("Publisher not stated, undated, line 3")
    (row,) = csv.DictReader(StringIO(exported(page, "CSV", tmp_path).decode("utf-8-sig"), newline=""))
    assert (row["quotation"], row["line_start"], row["paragraphs"]) == ("The bridge", "3", "")


def test_what_came_of_keeping_a_selection_can_be_seen(page: Page, interview: str) -> None:
    page.goto(f"/?document={interview}")
    weeks, ferry = (page.locator(".article p").filter(has_text=text) for text in ("Eleven weeks", "The ferry"))
    select(weeks, 60, 9, last=ferry)
    page.get_by_role("button", name="Keep this selection").click()
    outcome = page.locator(".outcome")
    expect(outcome).to_contain_text("The file has no space between these paragraphs")
    expect(page.locator("nav .number")).to_have_count(0)
    select(ferry, 0, 9)
    expect(outcome).to_be_hidden()
    page.get_by_role("button", name="Keep this selection").click()
    expect(outcome).to_have_text("Kept in your quotes")
    expect(outcome).to_be_in_viewport()


def test_what_is_kept_cannot_run_a_script(page: Page) -> None:
    page.goto("/?q=When did the harbour of Eastport reopen%3F")
    page.get_by_role("article", name="Passage 1").get_by_role("button", name="Keep").click()
    page.goto(QUOTES)
    expect(page.locator("main")).to_contain_text("Harbour <img src=x onerror=")
    assert page.locator("main img, main script, main svg").count() == 0
    assert page.evaluate("window.harmed") is None


def test_a_damaged_list_in_the_browser_is_an_empty_one(page: Page) -> None:
    page.goto("/")
    for value in ("{", "{}", "[1, null, {}]"):
        page.evaluate("value => localStorage.setItem('wherefrom:/:quotations', value)", value)
        page.goto(QUOTES)
        expect(page.locator("main")).to_contain_text("Nothing is kept yet")


def test_quotes_that_cannot_be_checked_say_so(page: Page) -> None:
    keep_three(page)
    busy = {"type": "urn:wherefrom:problem:overloaded", "detail": "too many requests"}
    page.route("**/v1/citations/verify", lambda route: route.fulfill(status=503, json=busy))
    page.goto(QUOTES)
    expect(page.locator(".quotes .state")).to_have_text(
        ["Not checked: The service is busy. Try again in a moment."] * 3
    )


def test_quotes_that_the_browser_does_not_store_are_not_called_kept(page: Page) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    ask(page)
    page.locator(".answer .keep").click()
    expect(page.locator(".answer .keep")).to_have_text("Kept until you leave")
    page.get_by_role("link", name="Quotes").click()
    expect(page.locator(".quotes .notice")).to_contain_text("1 quotation. This browser stores nothing")
    expect(page.locator("main")).not_to_contain_text("kept in this browser")


def test_more_quotations_than_a_file_can_have_are_refused_in_words(page: Page) -> None:
    ask(page)
    page.locator(".answer .keep").click()
    page.evaluate(
        """() => {
            const name = Object.keys(localStorage).find((each) => each.endsWith("quotations"));
            const [item] = JSON.parse(localStorage.getItem(name));
            const part = (end) => ({ ...item, segments: [{ start: 3207, end }], cited_text: undefined });
            localStorage.setItem(name, JSON.stringify(Array.from({ length: 101 }, (_, index) => part(3250 + index))));
        }"""
    )
    page.goto(QUOTES)
    page.get_by_role("button", name="Export as Word").click()
    expect(page.get_by_role("alert")).to_have_text(
        "No file was written: it can have at most 100 quotations, and you have 101."
    )


def test_quotes_fit_a_phone_and_axe_finds_no_violation_in_light_and_dark(page: Page) -> None:
    for kept in (False, True):
        if kept:
            keep_three(page)
        page.goto(QUOTES)
        page.wait_for_load_state("networkidle")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            violations = Axe().run(page).response["violations"]
            assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations] == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
