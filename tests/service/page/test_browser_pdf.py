"""A cited place of a PDF in a real browser: the picture of its page, with boxes around the cited characters."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.pdf_files import HEIGHT, WIDTH, PdfPage, PlacedLine, pdf_bytes

FIRST_LINE = "The quarry of Northport was closed on Monday by order of the mining"
SECOND_LINE = "inspector, who found water in the lower shafts after the spring rain."
RAW = pdf_bytes(
    [
        PdfPage([PlacedLine(text="A page before it, with other words on it, as reports have.", left=72, top=90)]),
        PdfPage(
            [
                PlacedLine(text=FIRST_LINE, left=72, top=300),
                PlacedLine(text=SECOND_LINE, left=72, top=312),
            ]
        ),
    ]
)


@pytest.fixture
def document_id(page: Page) -> Iterator[str]:
    name = "quarry.pdf"
    response = page.request.put(f"/v1/documents/{name}", data=RAW, headers={"Content-Type": "application/pdf"})
    assert response.status in (200, 201), response.text()
    yield name
    page.request.delete(f"/v1/documents/{name}")


def test_the_cited_characters_are_marked_on_the_picture_of_the_page(page: Page, document_id: str) -> None:
    text = page.request.get(f"/v1/documents/{document_id}/text").text()
    start = text.index("inspector, who found water")
    page.goto(f"/?document={quote(document_id)}&at={start}-{start + len('inspector, who found water')}")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    figure = page.locator('figure.page[data-page="2"]')
    picture = figure.get_by_role("img", name="Page 2")
    expect(picture).to_be_visible()
    page.wait_for_function("picture => picture.complete && picture.naturalWidth > 1000", arg=picture.element_handle())
    mark = figure.locator("rect.cited")
    expect(mark).to_have_count(1)
    expect(mark).to_be_in_viewport()
    expect(page.locator('figure.page[data-page="1"] rect.cited')).to_have_count(0)
    drawn, shown = mark.bounding_box(), picture.bounding_box()
    assert drawn is not None
    assert shown is not None
    scale = shown["width"] / WIDTH
    assert shown["height"] == pytest.approx(HEIGHT * scale, rel=0.02)
    assert drawn["x"] - shown["x"] == pytest.approx(72 * scale, abs=3)
    assert drawn["y"] - shown["y"] == pytest.approx(312 * scale, abs=6)
    assert drawn["width"] < 0.45 * (WIDTH - 144) * scale


def test_the_text_of_the_pages_can_be_opened_below_them(page: Page, document_id: str) -> None:
    page.goto(f"/?document={quote(document_id)}")
    page.get_by_text(re.compile("as it was extracted")).click()
    expect(page.locator(".raw")).to_contain_text(f"{FIRST_LINE} {SECOND_LINE}")
    expect(page.locator("dl")).to_contain_text("pypdfium2")


LIGHTHOUSES = [
    f"The keeper of lighthouse {number} of Westport painted its lamp in the colour {colour}."
    for number, colour in enumerate(("red", "blue", "green", "white", "black", "grey", "pink", "brown"), 1)
]


@pytest.fixture
def long_document_id(page: Page) -> Iterator[str]:
    """Yield the id of a PDF with a sentence on each of its pages."""
    name = "lighthouses.pdf"
    raw = pdf_bytes([PdfPage([PlacedLine(text=text, left=72, top=300)]) for text in LIGHTHOUSES])
    response = page.request.put(f"/v1/documents/{name}", data=raw, headers={"Content-Type": "application/pdf"})
    assert response.status in (200, 201), response.text()
    yield name
    page.request.delete(f"/v1/documents/{name}")


def place(page: Page, document_id: str, sentence: str) -> str:
    start = page.request.get(f"/v1/documents/{document_id}/text").text().index(sentence)
    return f"document={quote(document_id)}&at={start}-{start + len(sentence)}"


def test_the_other_passages_of_the_answer_are_marked_more_lightly(page: Page, long_document_id: str) -> None:
    question = "Which colour has the lamp of the lighthouse of Westport?"
    page.goto(f"/?q={question}&{place(page, long_document_id, LIGHTHOUSES[2])}")
    expect(page.locator(".page rect.cited")).to_have_count(1)
    answer = page.request.post("/v1/ask", data={"question": question}).json()
    pages = {each["citation"].get("page") for each in answer["passages"]} - {None, 3}
    assert pages
    for number in pages:
        expect(page.locator(f'.page[data-page="{number}"] rect.other')).to_have_count(1)
    page.get_by_role("tab", name="Article").click()
    expect(page.locator(".article mark")).to_have_text(LIGHTHOUSES[2])
    expect(page.locator(".article p")).to_have_text(LIGHTHOUSES)


def test_on_a_phone_the_box_is_at_most_three_screens_away(page: Page, long_document_id: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/?{place(page, long_document_id, LIGHTHOUSES[-1])}")
    mark = page.locator(".page rect.cited")
    expect(mark).to_be_in_viewport()
    assert mark.evaluate("mark => (mark.getBoundingClientRect().top + scrollY) / innerHeight") <= 3
    page.get_by_role("button", name=re.compile(r"Show \d pages before this")).click()
    expect(page.locator('.page[data-page="4"]')).to_be_visible()


def test_axe_finds_no_violation_on_the_pages_in_light_and_dark(page: Page, document_id: str) -> None:
    page.goto(f"/?{place(page, document_id, FIRST_LINE)}")
    expect(page.locator(".verdict")).to_have_text("Checked: matches the file")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert Axe().run(page).response["violations"] == []
