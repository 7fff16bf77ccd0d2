"""The reading view in a real browser: the clean article with its marks, and the original file in the second tab."""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.support.containers import Story, mail, rss
from wherefrom.index.answering.citations import collapse
from wherefrom.index.sources.containers.registry import MEDIA_TYPES

QUESTION = "What did the engineers of the Farport tunnel say about the pumps?"
TITLE = "Farport tunnel & harbour: the pumps failed"
PARAGRAPHS = (
    "The tunnel of Farport was flooded on <b>Monday</b> after its pumps had failed, the harbour office said.",
    "The engineers of the Farport tunnel said that the pumps &amp; their valves had not been tested for six years.",
    "&quot;We had asked for new pumps of the tunnel in every budget,&quot; said the chief engineer,\n  Ada Quill 🦞.",
    "The council of Farport will vote on new pumps for the tunnel in June, its clerk told the paper.",
    "Drivers have to take the ferry, which crosses the bay every forty minutes and holds thirty cars.",
)
SCRIPT_LINE = "window.tracker = window.tracker || []; window.tracker.push(['event', 'view', 12345, 'abcdefghij']);"
PHONE_SIZE = {"width": 390, "height": 844}
MAX_SCREENS = 3
LONG_TITLE = "The harbour of Farport and its tunnel, with what was said of it by everyone who was there " * 6
ARABIC = (
    "أغلقت هيئة الميناء الرصيف الشمالي يوم الاثنين لمدة أحد عشر شهرا بعد العاصفة التي ضربت المدينة.",
    "وقال مدير الميناء إن أعمال الإصلاح ستبدأ في شهر مايو وستكلف أربعة ملايين، وإن السفن ستستخدم الرصيف الجنوبي.",
)
STORY = Story(
    title="A dark lighthouse",
    author="Ann Otter",
    published=date(2024, 3, 4),
    paragraphs=(
        "Boats will find the harbour of Westport by the lamp of the old mill until the lens has been mended.",
        "The lighthouse of Westport went dark on Sunday, its keeper said to the council of the town.",
    ),
)
OTHER_STORY = Story(
    title="Bread & butter",
    author="Ben Heron",
    published=date(2024, 3, 5),
    paragraphs=("The bakery of Westport sold its last loaf on Friday, after ninety years on the same street.",),
)


@dataclass(frozen=True, slots=True)
class Added:
    """Adds documents to the server."""

    service: str
    added: list[str]

    def put(self, name: str, raw: bytes, media_type: str) -> str:
        url = f"{self.service}/v1/documents/{name}"
        response = httpx2.put(url, content=raw, headers={"Content-Type": media_type}, timeout=60)
        assert response.is_success, response.text
        self.added.append(name)
        return name

    def put_all(self, raw: bytes, media_type: str) -> Sequence[str]:
        url = f"{self.service}/v1/documents:batch"
        response = httpx2.post(url, content=raw, headers={"Content-Type": media_type}, timeout=60)
        lines = [json.loads(line) for line in response.text.splitlines()]
        assert all(line["error"] is None for line in lines), response.text
        self.added.extend(line["document_id"] for line in lines)
        return [line["document_id"] for line in lines]

    def reading(self, name: str) -> Mapping[str, Any]:
        reading: Mapping[str, Any] = httpx2.get(f"{self.service}/v1/documents/{name}/reading", timeout=60).json()
        return reading


@pytest.fixture
def documents(service: str) -> Iterator[Added]:
    """Yield what adds documents; they are deleted at the end."""
    added = Added(service, [])
    yield added
    for name in added.added:
        httpx2.delete(f"{service}/v1/documents/{name}").raise_for_status()


def web_page(paragraphs: Sequence[str], *, title: str = TITLE, scripts: int = 200, language: str = "en") -> bytes:
    """Return a page with long scripts before and after its article."""
    script = "<script>\n" + f"{SCRIPT_LINE}\n" * scripts + "</script>\n"
    body = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta property="og:site_name" content="The Farport Bee">\n'
        '<meta property="article:published_time" content="2024-05-06T08:00:00Z">\n'
        f"{script}</head><body><article><h1>{title}</h1>\n{body}</article>{script}</body></html>"
    ).encode()


def long_article() -> str:
    """Return a text of sixty paragraphs, each with a fact of its own."""
    return "\n\n".join(
        f"The keeper of lighthouse number {number} on the coast of Westport said on Monday that the lamp of his tower "
        f"will be mended before the winter, since {number + 3} boats have lost their way in the fog of last year."
        for number in range(1, 61)
    )


def place(reading: Mapping[str, Any], number: int) -> str:
    """Return the part of an address that cites a paragraph."""
    paragraph = next(each for each in reading["paragraphs"] if each["number"] == number)
    return "&at=" + "_".join(f"{span['start']}-{span['end']}" for span in paragraph["segments"])


def screens_to(mark: Locator) -> float:
    """Return how many screens lie between the beginning of the page and a mark."""
    distance: float = mark.evaluate("mark => (mark.getBoundingClientRect().top + scrollY) / innerHeight")
    return distance


def texts(page: Page, selector: str) -> str:
    return "".join(page.locator(selector).all_text_contents())


def test_a_web_page_is_read_as_its_clean_article_with_the_passages_of_the_answer_marked(
    page: Page, documents: Added
) -> None:
    name = documents.put("tunnel.html", web_page(PARAGRAPHS), "text/html")
    page.goto(f"/?q={QUESTION}")
    page.get_by_role("link", name="Read it in the source").click()
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    expect(page.get_by_role("heading", level=1)).to_have_text("Farport tunnel & harbour: the pumps failed")
    expect(page.locator(".source > .by")).to_have_text("The Farport Bee, 6 May 2024")
    expect(page.get_by_role("tab", name="Article")).to_have_attribute("aria-selected", "true")
    stored = page.request.get(f"/v1/documents/{name}").json()["paragraphs"]
    assert [each["text"] for each in stored][2].startswith('"We had asked for new pumps of the tunnel')
    expect(page.locator(".article p")).to_have_text([each["text"] for each in stored])
    answer = page.request.post("/v1/ask", data={"question": QUESTION}).json()
    assert texts(page, ".article mark") == answer["answer"]["text"]
    expect(page.locator(".article mark").first).to_be_in_viewport()
    cited = answer["answer"]["citation"]["segments"]
    passages = [each for each in answer["passages"] if each["citation"]["document_id"] == name]
    others = [each for each in passages if each["citation"]["segments"] != cited]
    assert len(others) >= 2
    for passage in others:
        marked = page.locator(f'.article [title="Passage {passage["rank"]} of the answer"]')
        assert passage["text"].endswith("".join(marked.all_text_contents()))
        assert marked.count() > 0
    page.get_by_role("link", name=f"Passage {others[-1]['rank']}").click()
    expect(page.locator(".article mark")).to_have_text(others[-1]["text"])
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    page.get_by_role("link", name="Back to the answer").click()
    expect(page.locator("blockquote")).to_have_text(answer["answer"]["text"])


def test_a_citation_over_elements_and_references_is_marked_word_for_word(page: Page, documents: Added) -> None:
    name = documents.put("tunnel.html", web_page(PARAGRAPHS), "text/html")
    text = documents.reading(name)["text"]
    for words, shown in (
        ("pumps &amp; their valves", "pumps & their valves"),
        ("chief engineer,\n  Ada Quill 🦞", "chief engineer, Ada Quill 🦞"),
        ("&quot;We had", '"We had'),
    ):
        start = text.index(words)
        page.goto(f"/?document={name}&at={start}-{start + len(words)}")
        expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
        assert texts(page, ".article mark") == shown
    start, bold = text.index("flooded on"), text.index("Monday</b>")
    page.goto(f"/?document={name}&at={start}-{start + 11}_{bold}-{bold + 6}")
    expect(page.locator(".article mark")).to_have_text("flooded on Monday")


def test_an_article_is_shown_without_the_answer_where_that_cannot_be_had(page: Page, documents: Added) -> None:
    name = documents.put("tunnel.html", web_page(PARAGRAPHS), "text/html")
    page.goto(f"/?q={QUESTION}&publisher=Nobody&document={name}{place(documents.reading(name), 2)}")
    expect(page.locator(".article mark")).to_have_text(PARAGRAPHS[1].replace("&amp;", "&"))
    expect(page.locator(".source > .notice")).to_contain_text("The other passages of the answer are not marked: ")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")


def test_the_text_of_segments_is_resolved_and_collapsed_as_the_service_does_it(page: Page) -> None:
    sources = (
        "a &amp b &ampamp;x &notit; &nope; & &AMP;q &",
        "&#128; &#x1F99E;! &lt;b&gt; &semi;x &acE;y &quot",
        "\u2003a\ufeff b\u0085c &nbsp;&nbsp; d\u001c\r\n e\u00a0",
    )
    page.goto("/")
    script = """async sources => {
        const { textOfSegments } = await import("./page/source_text.js");
        const inHalves = text => [{ start: 0, end: 9 }, { start: 9, end: text.length }];
        return sources.map(text => textOfSegments(text, inHalves(text), "text/html").text);
    }"""
    assert page.evaluate(script, list(sources)) == [collapse(html.unescape(source)) for source in sources]


def test_the_original_file_opens_at_the_mark_and_folds_what_is_far_from_the_article(
    page: Page, documents: Added
) -> None:
    raw = web_page(PARAGRAPHS)
    name = documents.put("tunnel.html", raw, "text/html")
    reading = documents.reading(name)
    page.goto(f"/?document={name}{place(reading, 4)}")
    page.locator(".article mark").first.wait_for()
    page.get_by_role("tab", name="Original file").click()
    expect(page.locator(".raw mark").first).to_be_in_viewport()
    assert texts(page, ".raw mark") == PARAGRAPHS[3]
    assert page.locator(".raw .row .text").all_text_contents() == raw.decode().split("\n")
    assert page.locator(".raw .row:visible").count() < 40
    assert page.evaluate("document.documentElement.scrollHeight / innerHeight") < MAX_SCREENS
    before = page.locator(".raw .fold").first
    expect(before.get_by_role("button")).to_have_text("Show lines 1 to 202")
    before.get_by_role("button").click()
    expect(before.get_by_text("window.tracker").first).to_be_visible()
    assert "tab=original" in page.url
    page.reload()
    expect(page.locator(".raw mark").first).to_be_in_viewport()


def test_a_file_on_one_line_is_folded_within_the_line(page: Page, documents: Added) -> None:
    raw = web_page(PARAGRAPHS).replace(b"\n", b" ")
    name = documents.put("tunnel.html", raw, "text/html")
    page.goto(f"/?document={name}{place(documents.reading(name), 2)}&tab=original")
    expect(page.locator(".raw mark").first).to_be_in_viewport()
    assert page.locator(".raw .row .text").all_text_contents() == [raw.decode()]
    assert page.evaluate("document.documentElement.scrollHeight / innerHeight") < MAX_SCREENS
    hidden = page.locator(".raw .elided")
    expect(hidden).to_have_count(2)
    expect(hidden.first).to_have_accessible_name("Show 20,043 characters")
    hidden.first.click()
    expect(hidden).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollHeight / innerHeight") > MAX_SCREENS


def test_a_cited_place_that_is_not_in_the_article_opens_in_the_original_file(page: Page, documents: Added) -> None:
    name = documents.put("tunnel.html", web_page(PARAGRAPHS), "text/html")
    start = documents.reading(name)["text"].index("The Farport Bee")
    page.goto(f"/?document={name}&at={start}-{start + 15}")
    expect(page.get_by_role("tab", name="Original file")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".raw mark")).to_have_text("The Farport Bee")
    expect(page.locator(".raw mark")).to_be_in_viewport()


def test_the_tabs_are_chosen_with_the_arrow_keys(page: Page, documents: Added) -> None:
    name = documents.put("tunnel.html", web_page(PARAGRAPHS), "text/html")
    page.goto(f"/?document={name}")
    article, original = page.get_by_role("tab", name="Article"), page.get_by_role("tab", name="Original file")
    article.focus()
    page.keyboard.press("ArrowRight")
    expect(original).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Original file")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Article")).to_be_hidden()
    page.keyboard.press("Home")
    expect(page.get_by_role("tabpanel", name="Article")).to_be_visible()


@pytest.mark.parametrize("tab", ["article", "original"])
@pytest.mark.parametrize("number", [2, 30, 60])
def test_on_a_phone_the_mark_is_at_most_three_screens_away(number: int, tab: str, page: Page, documents: Added) -> None:
    name = documents.put("lighthouses.txt", long_article().encode(), "text/plain")
    page.set_viewport_size({"width": PHONE_SIZE["width"], "height": PHONE_SIZE["height"]})
    page.goto(f"/?document={name}{place(documents.reading(name), number)}&tab={tab}")
    mark = page.locator(":is(.article, .raw) mark:visible").first
    expect(mark).to_be_in_viewport()
    assert screens_to(mark) <= MAX_SCREENS
    blocks = page.locator(".article p" if tab == "article" else ".raw .row .text")
    assert blocks.all_text_contents() == long_article().split("\n\n" if tab == "article" else "\n")
    if number > 2:
        expect(blocks.nth(10)).to_be_hidden()
        page.get_by_role("button", name="before this").click()
    expect(blocks.nth(10)).to_be_visible()


def test_on_a_phone_the_mark_of_a_web_page_is_at_most_three_screens_away(page: Page, documents: Added) -> None:
    name = documents.put("tunnel.html", web_page(PARAGRAPHS, scripts=2000), "text/html")
    page.set_viewport_size({"width": PHONE_SIZE["width"], "height": PHONE_SIZE["height"]})
    page.goto(f"/?document={name}{place(documents.reading(name), 5)}")
    mark = page.locator(".article mark").first
    expect(mark).to_be_in_viewport()
    assert screens_to(mark) <= MAX_SCREENS
    page.get_by_role("tab", name="Original file").click()
    original = page.locator(".raw mark").first
    expect(original).to_be_in_viewport()
    assert screens_to(original) <= MAX_SCREENS


def test_on_a_wide_screen_no_paragraph_of_the_article_is_folded(page: Page, documents: Added) -> None:
    name = documents.put("lighthouses.txt", long_article().encode(), "text/plain")
    page.goto(f"/?document={name}{place(documents.reading(name), 60)}")
    expect(page.locator(".article mark").first).to_be_in_viewport()
    assert page.locator(".article p").all_text_contents() == long_article().split("\n\n")
    expect(page.locator(".article .fold")).to_have_count(0)


def test_an_article_from_right_to_left_is_shown_so(page: Page, documents: Added) -> None:
    raw = web_page(ARABIC, title="إغلاق الرصيف الشمالي", language="ar").replace(b"The Farport Bee", "صحيفة".encode())
    name = documents.put("quay.html", raw, "text/html")
    page.goto(f"/?document={name}{place(documents.reading(name), 2)}")
    expect(page.locator(".article mark")).to_have_text(ARABIC[1])
    for selector in (".article p", ".source h1", ".quote p"):
        assert page.locator(selector).first.evaluate("node => getComputedStyle(node).direction") == "rtl"
    expect(page.locator(".article")).to_have_attribute("lang", "ar")
    expect(page.locator(".source > .by bdi")).to_have_text("صحيفة")
    expect(page.locator(".source > .by")).to_have_text("صحيفة, 6 May 2024")
    assert page.locator(".source").evaluate("node => getComputedStyle(node).direction") == "ltr"


def test_a_long_title_takes_four_lines_at_most(page: Page, documents: Added) -> None:
    name = documents.put("tunnel.html", web_page(PARAGRAPHS, title=LONG_TITLE), "text/html")
    httpx2.patch(f"{documents.service}/v1/documents/{name}", json={"title": LONG_TITLE}).raise_for_status()
    page.set_viewport_size({"width": PHONE_SIZE["width"], "height": PHONE_SIZE["height"]})
    page.goto(f"/?document={name}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_attribute("title", LONG_TITLE.strip())
    lines = heading.evaluate("node => node.clientHeight / parseFloat(getComputedStyle(node).lineHeight)")
    assert lines == pytest.approx(4, abs=0.3)


@pytest.mark.parametrize("kind", ["mail", "feed"])
def test_a_cited_place_of_a_mail_and_of_an_entry_of_a_feed_is_marked(kind: str, page: Page, documents: Added) -> None:
    if kind == "mail":
        name = documents.put("lighthouse.eml", mail([STORY]), "message/rfc822")
    else:
        _, name = documents.put_all(rss([OTHER_STORY, STORY]), next(each for each in MEDIA_TYPES if "rss" in each))
    sentence = STORY.paragraphs[1]
    start = documents.reading(name)["text"].index(sentence)
    page.goto(f"/?document={name}&at={start}-{start + len(sentence)}")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    expect(page.get_by_role("heading", level=1)).to_have_text("A dark lighthouse")
    expect(page.locator(".source > .by")).to_contain_text("4 March 2024, by Ann Otter")
    expect(page.locator(".article p")).to_have_text(list(STORY.paragraphs))
    assert texts(page, ".article mark") == sentence
    page.get_by_role("tab", name="Original file").click()
    expect(page.locator(".raw mark").first).to_be_in_viewport()
    assert texts(page, ".raw mark") == sentence


@pytest.mark.parametrize("tab", ["article", "original"])
def test_axe_finds_no_violation_in_light_and_dark(tab: str, page: Page, documents: Added) -> None:
    name = documents.put("tunnel.html", web_page(PARAGRAPHS), "text/html")
    page.goto(f"/?q={QUESTION}&document={name}{place(documents.reading(name), 2)}&tab={tab}")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    expect(page.locator(":is(.article, .raw) .other-passage:visible").first).to_be_visible()
    for size in ({"width": 1200, "height": 860}, PHONE_SIZE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            violations = Axe().run(page).response["violations"]
            assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_SIZE["width"]


def test_passages_are_numbered_by_rank_also_below_copies(page: Page, documents: Added) -> None:
    texts = ("A ferry with 31 people sank off Westport on Friday, the coast guard said.", "All of them were rescued.")
    for number in range(3):
        documents.put(f"copy-{number}.html", web_page(texts, title=f"Ferry {number}", scripts=0), "text/html")
    page.goto("/?q=how many people were on the ferry that sank off Westport%3F")
    expect(page.locator(".also-in li")).not_to_have_count(0)
    numbers = page.locator(".passages > ol > li").evaluate_all(
        "items => items.map((item) => getComputedStyle(item).counterIncrement)"
    )
    assert set(numbers) == {"rank 1"}
    copies = page.locator(".also-in li").evaluate_all(
        "items => items.map((item) => getComputedStyle(item).counterIncrement)"
    )
    assert set(copies) == {"none"}
