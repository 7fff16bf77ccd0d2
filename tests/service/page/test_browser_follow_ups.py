"""Follow-ups on the page, in a real browser on a real server."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.library_samples import QUESTION

FOLLOW_UP = "and what did it say about that?"
NEW = "Who is China's foreign minister?"


@pytest.fixture
def answered(page: Page) -> Page:
    page.goto(f"/?q={QUESTION}")
    page.locator("blockquote").wait_for()
    return page


def ask_on(page: Page, question: str) -> None:
    page.get_by_label("Ask a follow-up").fill(question)
    page.get_by_label("Ask a follow-up").press("Enter")


def test_a_follow_up_is_asked_in_the_context_of_the_answer_and_says_so(answered: Page) -> None:
    ask_on(answered, FOLLOW_UP)
    note = answered.locator(".understood").first
    expect(note).to_contain_text("Asked as a follow-up, with \u201cRussia\u201d, \u201cX-band\u201d.")
    expect(answered.get_by_label("Your question")).to_have_value(FOLLOW_UP)
    answered.reload()
    expect(note).to_contain_text("Asked as a follow-up")
    answered.get_by_role("link", name="Ask it as a new question").click()
    expect(answered.get_by_text("Asked as a follow-up")).to_have_count(0)
    expect(answered.get_by_label("Your question")).to_have_value(FOLLOW_UP)
    answered.go_back()
    expect(note).to_contain_text("Asked as a follow-up")


def test_a_question_of_its_own_is_no_follow_up(answered: Page) -> None:
    ask_on(answered, NEW)
    expect(answered).to_have_title(f"{NEW} - Wherefrom")
    answered.locator(".passages").wait_for()
    expect(answered.get_by_text("Asked as a follow-up")).to_have_count(0)


def test_the_way_back_from_a_source_leads_to_the_follow_up(answered: Page) -> None:
    ask_on(answered, FOLLOW_UP)
    answered.get_by_text("Asked as a follow-up").wait_for()
    answered.locator(".passage .by a").first.click()
    answered.get_by_role("link", name="Back to the answer").click()
    expect(answered.get_by_text("Asked as a follow-up")).to_be_visible()


def test_a_new_question_in_the_form_above_has_no_context(answered: Page) -> None:
    ask_on(answered, FOLLOW_UP)
    answered.get_by_text("Asked as a follow-up").wait_for()
    answered.get_by_label("Your question").fill(FOLLOW_UP)
    answered.get_by_label("Your question").press("Enter")
    expect(answered.get_by_text("Asked as a follow-up")).to_have_count(0)


def test_a_follow_up_has_no_serious_accessibility_fault_in_light_and_dark(answered: Page) -> None:
    ask_on(answered, FOLLOW_UP)
    answered.get_by_text("Asked as a follow-up").wait_for()
    for scheme in ("light", "dark"):
        answered.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        results = Axe().run(answered)
        assert [fault for fault in results.response["violations"] if fault["impact"] in ("serious", "critical")] == []
