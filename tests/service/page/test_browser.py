"""The page for asking questions and reading sources, in a real browser on a real server."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.support.bibtex import names, read_entry
from tests.support.library_samples import FIRST, QUESTION
from tests.support.paths import SEEDS

SENTENCE = (
    "China and Russia are worried the system's powerful X-band radar and surveillance platforms could provide "
    "the US ballistic missile network with tracking data on Russian and Chinese military positions."
)
WITHOUT_ANSWER = "Which BTS song was most viewed?"
VIEWS = {
    "start": "/",
    "answer": f"/?q={QUESTION}",
    "no answer": f"/?q={WITHOUT_ANSWER}",
    "source": f"/?document={FIRST}&at=3207-3406",
    "original": f"/?document={FIRST}&at=3207-3406&tab=original",
    "collection": "/?view=collection",
}


def ask(page: Page, question: str) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask").click()


def marked_text(page: Page) -> str:
    return "".join(page.locator(":is(.article, .raw) mark:visible").all_text_contents())


def test_a_question_is_answered_with_a_sentence_and_its_source_in_words(page: Page) -> None:
    ask(page, QUESTION)
    answer = page.get_by_role("region", name="Answer")
    expect(answer.locator("blockquote")).to_have_text(SENTENCE)
    expect(answer.get_by_role("link", name="CHINA TOPIX, undated, paragraph 13")).to_be_visible()
    expected = page.request.get("/v1/ask", params={"q": QUESTION}).json()
    expect(answer).to_contain_text(f"{expected['confidence']:.0%}".replace("%", " %"))
    expect(answer).to_contain_text(f"an answer needs at least {expected['threshold']:.0%}".replace("%", " %"))
    expect(page.get_by_role("article")).to_have_count(5)
    expect(page.locator(".passage mark").first).to_have_text(SENTENCE)
    expect(page).to_have_title(f"{QUESTION} - Wherefrom")


def test_an_answer_can_be_shared_by_its_address(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("blockquote").wait_for()
    page.goto(page.url)
    expect(page.locator("blockquote")).to_have_text(SENTENCE)
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)


def test_a_question_without_an_answer_shows_no_answer_and_the_closest_passages(page: Page) -> None:
    ask(page, WITHOUT_ANSWER)
    expect(page.get_by_role("heading", name="No answer")).to_be_visible()
    expect(page.get_by_role("heading", name="Closest passages, not an answer")).to_be_visible()
    expect(page.locator("blockquote")).to_have_count(0)
    expect(page.get_by_role("article")).to_have_count(5)


def test_a_source_opens_with_the_mark_on_exactly_the_cited_characters(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("link", name="Read it in the source").click()
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    expect(page.locator(".article mark").first).to_be_in_viewport()
    assert marked_text(page) == SENTENCE
    page.get_by_role("tab", name="Original file").click()
    expect(page.locator(".raw mark").first).to_be_in_viewport()
    assert marked_text(page) == SENTENCE
    rows = page.locator(".raw .row .text").all_text_contents()
    assert rows == (SEEDS / FIRST).read_text(encoding="utf-8").split("\n")
    assert rows[42] == SENTENCE
    page.get_by_role("link", name="Back to the answer").click()
    expect(page.locator("blockquote")).to_have_text(SENTENCE)


def test_text_removed_by_cleaning_is_dimmed_and_names_its_rule(page: Page) -> None:
    page.goto(VIEWS["original"])
    expect(page.locator(".raw .dropped").filter(has_text="Real Time Analytics")).to_have_attribute(
        "title", "Removed by cleaning: footer"
    )


def test_a_subhead_stands_out_and_can_be_cited(page: Page) -> None:
    page.goto(f"/?document={FIRST}&at=1036-1051")
    expect(page.locator(".article h2")).to_have_text(['"Grave Threats"', '"Strong Reactions"'])
    assert marked_text(page) == '"Grave Threats"'
    page.get_by_role("tab", name="Original file").click()
    expect(page.locator(".raw .heading")).to_have_text(['"Grave Threats"', '"Strong Reactions"'])
    expect(page.locator(".raw .heading").last).to_have_attribute("title", "Subhead: never an answer")
    expect(page.locator(".legend")).to_contain_text("subhead or question")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    assert marked_text(page) == '"Grave Threats"'
    expect(page.locator("aside")).to_contain_text("Line21")
    page.goto("/?document=harbour.txt&tab=original")
    expect(page.locator(".raw")).to_be_visible()
    expect(page.locator(".legend")).not_to_contain_text("subhead or question")


def test_a_citation_outside_the_paragraphs_names_its_line_and_no_paragraph(page: Page) -> None:
    text = page.request.get(f"/v1/documents/{FIRST}/text").text()
    title = "China, Russia Forge Common Stance on THAAD Deployment in South Korea"
    start = text.index(title)
    page.goto(f"/?document={FIRST}&at={start}-{start + 13}")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    expect(page.locator("aside dt").first).to_have_text("Line")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("aside .menu summary").click()
    page.get_by_role("button", name="Plain text").click()
    expect(page.locator("aside .menu summary")).to_have_text("Copied as Plain text")
    copied = page.evaluate("navigator.clipboard.readText()")
    line = text[:start].count("\n") + 1
    assert copied.startswith(f"“China, Russia”\n{title}. CHINA TOPIX, n.d., line {line}.\n")


def test_marks_are_right_after_characters_beyond_the_basic_multilingual_plane(
    page: Page, context: BrowserContext
) -> None:
    text = context.request.get("/v1/documents/harbour.txt/reading").json()["text"]
    start = text.index("left at dawn")
    assert "🦞" in text[:start]
    page.goto(f"/?document=harbour.txt&at={start}-{start + 12}")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    assert marked_text(page) == "left at dawn"


def test_a_citation_of_a_file_that_changed_does_not_match(page: Page) -> None:
    page.goto(f"{VIEWS['source']}&sha256={'0' * 64}")
    expect(page.locator(".verdict.fails")).to_contain_text("Does not match the file, which has changed since.")
    expect(page.get_by_role("button", name="Go to the cited text")).to_be_visible()
    expect(page.locator("aside").get_by_role("button", name="Keep")).to_have_count(0)
    expect(page.locator("aside .menu")).to_have_count(0)


def test_an_article_can_be_read_when_its_citation_cannot_be_checked(page: Page) -> None:
    busy = {"type": "urn:wherefrom:problem:too-many-requests", "detail": "one a minute"}
    page.route("**/v1/citations/verify", lambda route: route.fulfill(status=429, json=busy))
    page.goto(VIEWS["source"])
    expect(page.locator(".verdict")).to_contain_text("Not checked: Too many requests in a short time.")
    assert marked_text(page) == SENTENCE


def test_a_document_cannot_run_a_script_or_insert_an_element(page: Page) -> None:
    for address in (
        "/",
        "/?q=When did the harbour of Eastport reopen%3F",
        "/?document=harbour.txt",
        "/?document=harbour.txt&tab=original",
        VIEWS["collection"],
    ):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("Harbour <img src=x onerror=")
        assert page.locator("main img, main script, main svg, main b, main [onclick], main [onload]").count() == 0
        assert page.evaluate("window.harmed") is None
    page.goto("/?document=harbour.txt")
    expect(page.locator(".article")).to_contain_text("<script>window.harmed = 1</script>")
    page.get_by_role("tab", name="Original file").click()
    expect(page.locator(".raw")).to_contain_text("<script>window.harmed = 1</script>")


def test_filters_restrict_the_answer_and_are_part_of_the_address(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_text("by publisher and date").click()
    page.get_by_label("The Korea Times").check()
    expect(page.locator(".passage .by").first).to_contain_text("The Korea Times")
    assert "publisher=The+Korea+Times" in page.url
    expect(page.get_by_label("The Korea Times")).to_be_focused()
    page.get_by_label("From").fill("2017-01-01")
    expect(page.locator("main")).to_contain_text("No document matches these filters.")
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.locator("blockquote")).to_have_text(SENTENCE)
    assert "publisher" not in page.url


def test_agency_title_and_preference_are_filters_too(page: Page) -> None:
    page.goto(f"/?q={QUESTION}&agency=Yonhap&title=ambassador")
    expect(page.locator(".passage .by").first).to_contain_text("The Korea Times")
    page.locator(".filters summary").click()
    expect(page.get_by_label("Yonhap")).to_be_checked()
    expect(page.get_by_label("Words in the title")).to_have_value("ambassador")
    page.get_by_label("Prefer the newest").check()
    expect(page.locator(".filters summary")).to_contain_text("Yonhap, title with ambassador, newest preferred")
    assert "prefer=newest" in page.url


def test_the_operators_of_a_question_are_told(page: Page) -> None:
    ask(page, 'what worries China about the "X-band radar"? -ambassador')
    understood = page.locator(".understood")
    expect(understood).to_have_text("Only passages that hold “X-band radar”. No passages that hold “ambassador”.")
    expect(page.locator(".passage mark").first).to_have_text(SENTENCE)


def test_a_shared_answer_does_not_wait_for_the_list_of_documents(page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(VIEWS["answer"])
    page.locator("blockquote").wait_for()
    page.get_by_label("Your question").fill("what did the ambassador say?")
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_title("what did the ambassador say? - Wherefrom")
    assert not any(url.endswith("/v1/documents") for url in requested)
    page.get_by_text("by publisher and date").click()
    page.get_by_label("The Korea Times").check()
    expect(page.locator(".passage .by").first).to_contain_text("The Korea Times")


def test_a_filter_that_the_service_refuses_shows_the_reason(page: Page) -> None:
    page.goto(f"/?q={QUESTION}&publisher=Korea Times")
    reason = "No document has the publisher “Korea Times”. Similar ones are: The Korea Times"
    expect(page.get_by_role("alert")).to_contain_text(reason)
    expect(page.locator(".filters summary")).to_have_text("Filter: Korea Times")


def test_a_filter_holds_for_the_next_question_while_its_values_cannot_be_listed(page: Page) -> None:
    busy = {"type": "urn:wherefrom:problem:too-many-requests", "detail": "one a minute"}
    page.route("**/v1/filters*", lambda route: route.fulfill(status=429, json=busy))
    page.goto(f"/?q={QUESTION}&publisher=The Korea Times")
    expect(page.locator(".passage .by").first).to_contain_text("The Korea Times")
    page.locator(".filters summary").click()
    expect(page.locator("#filters")).to_contain_text("Too many requests in a short time.")
    page.get_by_label("Your question").fill("what did the ambassador say?")
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_title("what did the ambassador say? - Wherefrom")
    assert "publisher=The+Korea+Times" in page.url
    page.unroute("**/v1/filters*")
    expect(page.locator(".filters")).not_to_have_attribute("open", "")
    page.locator(".filters summary").click()
    expect(page.get_by_label("The Korea Times")).to_be_checked()
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.locator(".filters summary")).to_contain_text("by publisher and date")
    assert "publisher" not in page.url


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("published_from=2024-05-01&published_to=2023-01-01", "No date is from 1 May 2024 to 1 January 2023"),
        ("title=nowhere", "No document has “nowhere” in its title."),
        ("published_from=soon", "“From” must be a date."),
        ("author=O'Neil", "No document has the author “O'Neil”."),
        ("extra=section%3Dx", "No document has the field “section”."),
    ],
)
def test_a_filter_that_cannot_hold_is_explained_in_words_of_the_page(page: Page, address: str, words: str) -> None:
    page.goto(f"/?q={QUESTION}&{address}")
    expect(page.get_by_role("alert")).to_contain_text(words)


def test_a_citation_is_copied_in_each_format(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(VIEWS["answer"])
    copied = {}
    for name in ("Plain text", "Markdown", "BibTeX", "JSON"):
        page.locator(".answer summary").click()
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("status").first).to_have_text(f"Copied as {name}")
        copied[name] = page.evaluate("navigator.clipboard.readText()")
    assert copied["Plain text"].startswith(f"“{SENTENCE}”\nChina, Russia Forge Common Stance")
    assert copied["Markdown"].startswith("> China and Russia are worried")
    assert copied["BibTeX"].startswith("@misc{chinarussiandp13,\n  title = {{China, Russia Forge")
    assert json.loads(copied["JSON"])["segments"] == [{"start": 3207, "end": 3406}]


def test_the_page_can_be_used_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Newest documents").wait_for()
    page.keyboard.press("/")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator("blockquote").wait_for()
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("article", name="Passage 2")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Tab")
    expect(page.get_by_role("article", name="Passage 1").get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    page.keyboard.press("Escape")
    expect(page.locator("blockquote")).to_have_text(SENTENCE)


def test_an_answer_is_announced_to_screen_readers(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator("#announcement")).to_contain_text("CHINA TOPIX, undated, paragraph 13")
    ask(page, WITHOUT_ANSWER)
    expect(page.locator("#announcement")).to_contain_text("No answer.")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_fits_a_phone_and_axe_finds_no_violation_in_light_and_dark(view: str, page: Page) -> None:
    page.goto(VIEWS[view])
    page.locator("main :is(h1, h2)").first.wait_for()
    page.wait_for_load_state("networkidle")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        violations = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["impact"], [node["html"] for node in rule["nodes"]]) for rule in violations] == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_viewer_of_the_api_works_without_another_host(page: Page) -> None:
    page.goto("/docs")
    expect(page.get_by_text("/v1/ask/batch")).to_be_visible()


def test_a_publisher_from_right_to_left_stays_in_its_place(page: Page) -> None:
    page.goto(VIEWS["answer"])
    isolated = page.locator(".passage .by bdi").first
    expect(isolated).to_have_text("CHINA TOPIX")
    expect(page.locator(".passage .by").first).to_have_text("CHINA TOPIX, undated, paragraph 13")


def test_the_keys_are_listed_and_enter_opens_the_focused_passage(page: Page) -> None:
    page.goto(VIEWS["answer"])
    page.locator("blockquote").wait_for()
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("next or previous passage")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.get_by_role("article", name="Passage 1")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_be_attached()
    assert f"document={FIRST}" in page.url


def test_no_frame_stands_around_an_answer_after_enter(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("blockquote").wait_for()
    expect(page.locator("main")).to_be_focused()
    assert page.locator("main").evaluate("main => getComputedStyle(main).outlineStyle") == "none"


def test_an_address_without_a_page_is_a_page(page: Page) -> None:
    page.goto("/no/such/page")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.get_by_role("link", name="Ask a question").click()
    page.get_by_text("Newest documents").wait_for()


def test_the_viewer_shows_padlocks_only_where_a_key_is_needed(page: Page) -> None:
    page.goto("/docs")
    page.locator("#operations-questions-ask").wait_for()
    expect(page.locator(".authorization__btn")).to_have_count(0)


def test_a_citation_in_bibtex_has_its_authors_and_balanced_braces(page: Page) -> None:
    page.goto("/")
    citation = page.request.get("/v1/ask", params={"q": QUESTION}).json()["answer"]["citation"]
    authors = ["Ann Otter", "Ludwig van der Berg", "Reuters", "Smith and Wesson", "Otter, Bo", "O{d}d {Name"]
    hostile = citation | {"authors": authors, "title": "100 % {of} it & } \\ # $ _ ~ ^", "cited_text": "a } b { c } d"}
    text = page.evaluate(
        "citation => import('./page/citations.js').then(({ CITATION_FORMATS }) => CITATION_FORMATS.BibTeX(citation))",
        hostile,
    )
    entry = read_entry(text)
    assert names(entry["author"])[:4] == ["Ann Otter", "Ludwig van der Berg", "{Reuters}", "{Smith and Wesson}"]
    assert len(names(entry["author"])) == len(authors)
    assert entry["title"].startswith("{100 \\% \\textbraceleft{}of\\textbraceright{} it")


def test_a_citation_in_markdown_shows_the_characters_of_the_source(page: Page) -> None:
    page.goto("/")
    texts = page.evaluate(
        """async () => {
            const { CITATION_FORMATS } = await import("./page/citations.js");
            const quoted = (text) => ({ cited_text: text, formatted: "F", source: "s", segments: [], line_start: 1 });
            const texts = ["- no", "1961. Im Mai", "3 &amp; 4!", "a.b"];
            return texts.map((text) => CITATION_FORMATS.Markdown(quoted(text)).split("\\n")[0]);
        }"""
    )
    assert texts == ["> \\- no", "> 1961\\. Im Mai", "> 3 \\&amp; 4\\!", "> a.b"]


def test_the_plain_citation_has_the_address_of_the_page(page: Page) -> None:
    page.goto("/")
    citation = page.request.get("/v1/ask", params={"q": QUESTION}).json()["answer"]["citation"]
    text = page.evaluate(
        "async (citation) => (await import('./page/citations.js')).CITATION_FORMATS['Plain text'](citation)",
        citation | {"url": "https://example.org/story"},
    )
    assert "\nhttps://example.org/story\n" in text


def test_a_filter_by_a_field_that_documents_were_given_restricts_the_answer(page: Page) -> None:
    story = "The bakery on Mill Street sold its last {} on Friday, after {} years, its owner said on Monday."
    for name, extra in (("loaf", {"section": "trade", "year": 2024}), ("bun", {"section": "world", "year": "2024"})):
        page.request.put(
            f"/v1/documents/{name}.txt?extra={json.dumps(extra)}",
            data=story.format(name, len(name)),
            headers={"Content-Type": "text/plain"},
        )
    ask(page, "What did the bakery on Mill Street sell on Friday?")
    expect(page.locator(".passages .text").filter(has_text="bakery")).to_have_count(2)
    page.get_by_text("by publisher and date").click()
    section = page.get_by_role("group", name="section")
    expect(section.get_by_role("checkbox")).to_have_count(2)
    section.get_by_label("trade").check()
    expect(page.locator(".passages .text")).to_have_count(1)
    expect(page.locator(".passages .text")).to_contain_text("loaf")
    assert "extra=section%3Dtrade" in page.url
    expect(page.locator(".filters summary")).to_contain_text("section: trade")
    section.get_by_label("trade").uncheck()
    page.get_by_role("group", name="year").get_by_label("2024").check()
    expect(page.locator(".passages .text")).to_have_count(2)
    page.goto("/?q=What did the bakery sell%3F&extra=section%3Dworld&extra=nowhere%3D1")
    expect(page.get_by_role("alert")).to_contain_text("nowhere")
    page.goto("/?q=What did the bakery sell%3F&extra=section%3Dworld")
    expect(page.locator(".passages .text")).to_contain_text(["bun"])
    page.locator(".filters summary").click()
    expect(page.get_by_role("group", name="section").get_by_label("world")).to_be_checked()
    for name in ("loaf", "bun"):
        page.request.delete(f"/v1/documents/{name}.txt")


def test_a_key_that_a_change_needs_is_asked_for_in_words_for_people(page: Page) -> None:
    page.goto("/")
    words = page.evaluate(
        """() => import("./page/problems.js").then(({ inWords }) => [
            inWords(401, { detail: "a change needs an API key; send it as Authorization: Bearer KEY" }),
            inWords(413, { detail: "the body is larger than 2097152 bytes" }),
            inWords(502, {}),
        ])"""
    )
    assert words == [
        "This change needs a key.",
        "This is larger than 2.1 MB, the limit of this service.",
        "The service could not be reached through the proxy before it. Try again in a moment.",
    ]


def test_the_viewer_shows_the_title_of_every_operation(page: Page) -> None:
    page.goto("/docs")
    titles = page.locator(".opblock-summary-description")
    titles.first.wait_for()
    assert page.locator(".opblock").count() == titles.count()
    assert all(title.strip() for title in titles.all_text_contents())


def test_the_same_question_asked_again_is_one_step_back(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask").dblclick()
    page.locator("blockquote").wait_for()
    page.get_by_text("by publisher and date").click()
    page.get_by_label("Words in the title").fill("stance")
    page.keyboard.press("Enter")
    expect(page.locator(".filters summary")).to_contain_text("title with stance")
    page.go_back()
    expect(page.locator(".filters summary")).to_contain_text("by publisher and date")
    expect(page.locator("blockquote")).to_have_text(SENTENCE)
    page.go_back()
    expect(page.locator(".start")).to_be_visible()


def test_a_view_that_cannot_be_loaded_says_so(page: Page) -> None:
    page.goto(VIEWS["answer"])
    page.locator("blockquote").wait_for()
    page.route("**/page/quotes.js", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    page.get_by_role("link", name="Quotes").click()
    expect(page.get_by_role("alert")).to_have_text("The service cannot be reached. Is it still running?")
    expect(page.locator("blockquote")).to_have_count(0)
    page.unroute("**/page/quotes.js")
    page.get_by_role("link", name="Quotes").click()
    expect(page.locator("main")).to_contain_text("Nothing is kept yet")


def test_a_page_of_a_proxy_in_place_of_an_answer_is_named(page: Page) -> None:
    page.route("**/v1/ask", lambda route: route.fulfill(content_type="text/html", body="<html>Log in</html>"))
    page.goto(VIEWS["answer"])
    expect(page.get_by_role("alert")).to_contain_text("Something else answered in the place of the service")


def test_the_title_of_a_source_that_is_gone_is_not_that_of_the_view_before(page: Page) -> None:
    page.goto(f"/?document={FIRST}")
    expect(page).to_have_title("China, Russia Forge Common Stance on THAAD Deployment in South Korea - Wherefrom")
    page.evaluate("document.dispatchEvent(new CustomEvent('visit', {detail: './?document=gone.txt'}))")
    expect(page.get_by_role("alert")).to_contain_text("This document is not in the collection.")
    expect(page).to_have_title("gone.txt - Wherefrom")


def test_a_step_back_that_another_step_overtakes_does_not_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 900, "height": 300})
    page.goto(VIEWS["answer"])
    page.locator("blockquote").wait_for()
    page.evaluate("scrollTo(0, 250)")
    page.evaluate("document.dispatchEvent(new CustomEvent('visit', {detail: './?view=quotes'}))")
    expect(page.locator("main")).to_contain_text("Nothing is kept yet")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/v1/ask", hold)
    page.evaluate("history.back()")
    expect(page.locator("body")).to_have_attribute("data-view", "ask")
    page.get_by_role("link", name="Collection").click()
    page.get_by_role("heading", name="Collection").wait_for()
    page.evaluate("scrollTo(0, 0)")
    with page.expect_response("**/v1/ask") as answered:
        waiting[0].continue_()
    answered.value.finished()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") > 0
