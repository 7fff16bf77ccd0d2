"""The reading view of a file of an office program, in a real browser on a real server."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.support.office_files import docx, docx_paragraph
from wherefrom.index.sources.extractors.docx import EXTRACTOR

SENTENCE = "The lighthouse of Westport went dark on Sunday – “for a week”, its keeper said to the council of the town."
OTHER = "Boats will find the harbour by the lamp of the old mill until the lens of the lighthouse has been mended."


@pytest.fixture
def document(service: str) -> Iterator[str]:
    raw = docx(docx_paragraph(OTHER) + docx_paragraph(SENTENCE), core="<dc:title>A dark lighthouse</dc:title>")
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    url = f"{service}/v1/documents/lighthouse.docx"
    httpx2.put(url, content=raw, headers={"Content-Type": media_type}, timeout=60).raise_for_status()
    yield "lighthouse.docx"
    httpx2.delete(url).raise_for_status()


def test_a_cited_place_of_a_docx_file_is_marked_in_its_text(page: Page, document: str) -> None:
    text = page.request.get(f"/v1/documents/{document}/reading").json()["text"]
    start = text.index(SENTENCE)
    page.goto(f"/?document={document}&at={start}-{start + len(SENTENCE)}")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    assert "".join(page.locator(".article mark").all_text_contents()) == SENTENCE
    page.get_by_role("tab", name="Original file").click()
    expect(page.locator(".panel:visible")).to_contain_text(f"The text of the file, as {EXTRACTOR} extracted it")
    assert "".join(page.locator(".raw mark").all_text_contents()) == SENTENCE
    expect(page.locator("body")).to_contain_text("A dark lighthouse")
