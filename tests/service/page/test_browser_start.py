"""The first view: suggested questions, the questions that were asked; and why a passage is shown."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.library_samples import QUESTION

FIRST_VIEW_BYTES = 100_000


def violations(page: Page) -> list[object]:
    found: list[object] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        result = Axe().run(page).response["violations"]
        found += [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in result]
    return found


def test_every_suggested_question_is_answered(page: Page) -> None:
    page.goto("/")
    links = page.locator(".suggested a")
    links.first.wait_for()
    questions = links.all_text_contents()
    assert 2 <= len(questions) <= 6
    for question in questions:
        answer = page.request.get("/v1/ask", params={"q": question}).json()
        assert answer["status"] == "answered", question
    links.first.click()
    expect(page.get_by_label("Your question")).to_have_value(questions[0])
    page.locator("blockquote").wait_for()


def test_questions_that_were_asked_are_listed_the_latest_first_and_can_be_cleared(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Newest documents").wait_for()
    expect(page.get_by_role("region", name="Asked before")).to_have_count(0)
    for question in (QUESTION, "Which BTS song was most viewed?", QUESTION):
        page.goto(f"/?q={question}")
        page.locator(".answer").wait_for()
        expect(page.locator("#facts")).to_contain_text("searched")
    page.goto("/")
    asked = page.get_by_role("region", name="Asked before")
    expect(asked.get_by_role("listitem")).to_have_text([QUESTION, "Which BTS song was most viewed? no answer"])
    asked.get_by_role("link", name=QUESTION).click()
    page.locator("blockquote").wait_for()
    page.goto("/")
    asked.get_by_role("button", name="Clear these questions").click()
    expect(asked).to_have_count(0)
    page.reload()
    page.get_by_text("Newest documents").wait_for()
    expect(asked).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0


def test_a_question_is_remembered_with_its_filters(page: Page) -> None:
    page.goto(f"/?q={QUESTION}&agency=Yonhap")
    page.locator(".answer").wait_for()
    expect(page.locator("#facts")).to_contain_text("searched")
    page.goto("/")
    page.get_by_role("region", name="Asked before").get_by_role("link").click()
    expect(page.locator(".passage .by").first).to_contain_text("The Korea Times")
    assert "agency=Yonhap" in page.url


def test_a_list_of_questions_that_something_else_wrote_leads_nowhere_else(page: Page) -> None:
    page.goto("/")
    harmful = '[{"question": "x", "address": "javascript:alert(1)"}, {"question": "y", "address": "https://e.org/"}, 3]'
    page.evaluate("text => localStorage.setItem('wherefrom:/:questions', text)", harmful)
    page.reload()
    page.get_by_text("Newest documents").wait_for()
    expect(page.get_by_role("region", name="Asked before")).to_have_count(0)


def test_a_passage_says_why_it_is_shown_in_plain_words(page: Page) -> None:
    page.goto(f"/?q={QUESTION}")
    passage = page.get_by_role("article", name="Passage 1")
    passage.get_by_text("Why this passage").click()
    reasons = passage.locator(".reasons")
    expect(reasons).to_contain_text("in common with your question")
    expect(reasons).to_contain_text("“Russia”")
    expect(reasons).to_contain_text(
        re.compile("nearest sentence is (very close|close|somewhat close) to your question")
    )
    assert not re.search(r"\d%|\d\.\d|cosine|BM25|dense|fused", reasons.text_content() or "")
    assert violations(page) == []


def test_an_answer_shows_one_confidence_and_passages_show_no_number(page: Page) -> None:
    for question in (QUESTION, "Which BTS song was most viewed?"):
        page.goto(f"/?q={question}")
        page.locator(".passages").wait_for()
        assert "%" in (page.locator(".answer .confidence").text_content() or "")
        assert "%" not in (page.locator(".passages").text_content() or "")


def test_the_first_view_weighs_at_most_100_kb(page: Page) -> None:
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    page.goto("/")
    page.locator(".suggested a").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 10
    assert sum(sizes.values()) <= FIRST_VIEW_BYTES, sorted(sizes.items(), key=lambda item: -item[1])


def test_the_first_view_has_no_violation_with_questions_in_it(page: Page) -> None:
    page.goto(f"/?q={QUESTION}")
    expect(page.locator("#facts")).to_contain_text("searched")
    page.goto("/")
    page.locator(".suggested a").first.wait_for()
    page.locator(".asked a").first.wait_for()
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
