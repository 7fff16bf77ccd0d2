"""The page, its sources and the API viewer behind a reverse proxy that serves them under a path."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.library_samples import QUESTION
from tests.support.servers.prefix_proxy import prefix_proxy

PREFIX = "/kb"


@pytest.fixture(scope="module")
def proxied(service: str) -> Iterator[str]:
    """The address of the service under a path; the service itself has no setting for it."""
    with prefix_proxy(service, PREFIX) as url:
        yield url


@pytest.fixture
def page(browser: Browser, proxied: str) -> Iterator[Page]:
    """A page of which every request must go through the proxy's path and be answered."""
    context = browser.new_context()
    outside: list[str] = []
    failed: list[str] = []
    context.on(
        "request",
        lambda request: None if request.url.startswith((proxied, "data:", "blob:")) else outside.append(request.url),
    )
    context.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    context.on("weberror", lambda error: failed.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert (outside, failed) == ([], [])


def test_a_question_its_source_and_the_way_back_work_under_a_path(page: Page, proxied: str) -> None:
    page.goto(proxied)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    sentence = page.locator("blockquote")
    expect(sentence).to_contain_text("X-band radar")
    assert page.url.startswith(f"{proxied}?q=")
    page.get_by_role("link", name="Read it in the source").click()
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    assert page.url.startswith(f"{proxied}?q=")
    page.get_by_role("link", name="Back to the answer").click()
    expect(sentence).to_contain_text("X-band radar")


def test_an_address_of_a_citation_can_be_shared_and_reloaded_under_a_path(page: Page, proxied: str) -> None:
    page.goto(f"{proxied}?q={QUESTION}")
    page.get_by_role("link", name="Read it in the source").click()
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    address = page.url
    page.reload()
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    page.get_by_role("link", name="Wherefrom").click()
    expect(page.get_by_role("heading", name="Newest documents")).to_be_visible()
    assert page.url == proxied


def test_the_collection_and_a_source_file_open_under_a_path(page: Page, proxied: str) -> None:
    page.goto(proxied)
    page.get_by_role("link", name="Collection").click()
    expect(page.get_by_role("heading", name="Collection")).to_be_visible()
    assert page.url == f"{proxied}?view=collection"
    page.locator("tbody a").first.click()
    with page.expect_navigation():
        page.locator("dd a[href*='/raw']").click()
    assert page.url.startswith(f"{proxied}v1/documents/")


def test_the_viewer_of_the_api_sends_its_requests_under_the_path(page: Page, proxied: str) -> None:
    page.goto(proxied)
    page.get_by_role("link", name="API").click()
    assert page.url == f"{proxied}docs"
    page.locator("#operations-health-live").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator("#operations-health-live .request-url")).to_contain_text(f"{proxied}livez")
    expect(page.locator("#operations-health-live .live-responses-table")).to_contain_text('"live"')
