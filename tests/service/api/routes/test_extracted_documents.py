"""PDFs over HTTP: their text, their pages as pictures, and citations with boxes."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import empty_client
from tests.support.pdf_files import PdfPage, PlacedLine, pdf_bytes

TEXT = "The harbour council voted on Monday to close the old bridge over the river."
SECOND = "The ferry takes its place until a new bridge is built, the council said."
RAW = pdf_bytes(
    [
        PdfPage([PlacedLine(text=TEXT, left=72, top=90)]),
        PdfPage([PlacedLine(text=SECOND, left=72, top=90)]),
    ]
)
PDF = {"Content-Type": "application/pdf"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with empty_client(tmp_path) as opened:
        assert opened.put("/v1/documents/a.pdf", content=RAW, headers=PDF).status_code == 201
        yield opened


def test_the_bytes_are_sent_as_their_format(client: TestClient) -> None:
    response = client.get("/v1/documents/a.pdf/raw")
    assert response.content == RAW
    assert response.headers["content-type"] == "application/pdf"
    assert "sandbox" in response.headers["content-security-policy"]


def test_the_text_is_the_one_that_citations_count_in(client: TestClient) -> None:
    response = client.get("/v1/documents/a.pdf/text")
    assert response.text == f"{TEXT}\n\n{SECOND}"
    assert (
        client.get("/v1/documents/a.pdf/text", headers={"If-None-Match": response.headers["etag"]}).status_code == 304
    )


def test_a_citation_has_its_page_its_boxes_and_the_extractor(client: TestClient) -> None:
    passages = client.get("/v1/ask", params={"q": SECOND}).json()["passages"]
    citation = next(each["citation"] for each in passages if each["text"] == SECOND)
    assert citation["page"] == 2
    ((left, top, right, bottom),) = citation["boxes"]
    assert left == pytest.approx(72, abs=1)
    assert right > 300
    assert top < 95 < bottom
    assert citation["extractor"]["name"] == "pypdfium2"
    assert citation["formatted"].endswith("para. 2, p. 2.")
    assert client.post("/v1/citations/verify", json=citation).json()["valid"]
    changed = citation | {"text_sha256": "0" * 64}
    assert "another SHA-256" in client.post("/v1/citations/verify", json=changed).json()["reason"]


def test_a_page_is_sent_as_a_picture(client: TestClient) -> None:
    response = client.get("/v1/documents/a.pdf/pages/2.png")
    assert response.headers["content-type"] == "image/png"
    assert struct.unpack(">II", response.content[16:24]) == (1224, 1584)


@pytest.mark.parametrize("path", ["a.pdf/pages/3.png", "plain/pages/1.png"])
def test_what_has_no_such_page_is_not_found(client: TestClient, path: str) -> None:
    client.put("/v1/documents/plain", content=TEXT.encode(), headers={"Content-Type": "text/plain"})
    response = client.get(f"/v1/documents/{path}")
    assert (response.status_code, response.json()["type"]) == (404, "urn:wherefrom:problem:page-not-found")


def test_the_reading_has_the_lines_of_each_page(client: TestClient) -> None:
    reading = client.get("/v1/documents/a.pdf/reading").json()
    assert [page["number"] for page in reading["pages"]] == [1, 2]
    assert reading["text"] == f"{TEXT}\n\n{SECOND}"
    first = reading["pages"][1]["boxes"][0]
    assert reading["text"][first["start"] : first["end"]] == SECOND


def test_documents_that_are_text_have_none_of_these_fields(client: TestClient) -> None:
    client.put("/v1/documents/plain", content=TEXT.encode(), headers={"Content-Type": "text/plain"})
    extracted = {"extractor", "text_sha256", "pages", "page", "boxes", "further_pages"}
    for path in ("/v1/documents/plain", "/v1/documents/plain/reading"):
        assert not extracted & set(client.get(path).json())
    passages = client.get("/v1/ask", params={"q": TEXT, "document_id": "plain"}).json()["passages"]
    assert not extracted & set(passages[0]["citation"])
    assert client.get("/v1/documents/plain/text").text == TEXT


def test_a_file_that_is_no_pdf_is_refused_with_the_reason(client: TestClient) -> None:
    response = client.put("/v1/documents/b.pdf", content=b"%PDF-1.4 cut", headers=PDF)
    assert response.status_code == 422
    assert "damaged" in response.json()["detail"]
