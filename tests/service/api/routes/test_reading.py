import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.documents import read
from tests.support.library_samples import FIRST, WordEmbedder, seeds_library
from tests.support.paths import SEEDS
from wherefrom.index.library import Library
from wherefrom.service.api.app import create_app
from wherefrom.service.settings import Settings

MARKED = "\ufeffDie Nachricht: “Schluß” — so schrieb Björk am Dienstag in Köln über die Brücke am Rhein 🌉.\r\n" * 3


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with TestClient(create_app(Settings(), lambda: seeds_library(data))) as opened:
        yield opened


def test_a_reading_is_the_document_with_its_text_and_what_was_dropped(client: TestClient) -> None:
    reading = client.get(f"/v1/documents/{FIRST}/reading").json()
    shown = client.get(f"/v1/documents/{FIRST}").json()
    assert {name: reading[name] for name in shown if name != "etag"} | {"etag": shown["etag"]} == shown
    assert reading["text"] == (SEEDS / FIRST).read_bytes().decode()
    assert reading["dropped"][0] == {"start": 0, "end": 11, "rule": "masthead"}


def test_every_character_but_white_space_is_kept_or_dropped(client: TestClient) -> None:
    for path in SEEDS.glob("*.txt"):
        reading = client.get(f"/v1/documents/{path.name}/reading").json()
        kept = [span for paragraph in reading["paragraphs"] for span in paragraph["segments"]]
        covered = {at for span in [*kept, *reading["dropped"]] for at in range(span["start"], span["end"])}
        uncovered = "".join(letter for at, letter in enumerate(reading["text"]) if at not in covered)
        assert uncovered.strip() == ""


def test_offsets_count_characters_of_the_decoded_text(tmp_path: Path) -> None:
    raw = MARKED.encode("utf-16")

    def opened() -> Library:
        library = Library.open(tmp_path, embedder=WordEmbedder())
        library.put("a", read(raw, source="a.txt"))
        return library

    with TestClient(create_app(Settings(), opened)) as client:
        reading = client.get("/v1/documents/a/reading").json()
    assert reading["source_sha256"] == hashlib.sha256(raw).hexdigest()
    assert reading["text"] == raw.decode(reading["encoding"])
    for paragraph in reading["paragraphs"]:
        cut = "".join(reading["text"][segment["start"] : segment["end"]] for segment in paragraph["segments"])
        assert " ".join(cut.split()) == paragraph["text"]


def test_the_reading_of_a_missing_document_is_a_404(client: TestClient) -> None:
    assert client.get("/v1/documents/none/reading").status_code == 404
