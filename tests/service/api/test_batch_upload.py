import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from tests.support.clients import empty_client
from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.engine import Change, Item, ItemVectors
from wherefrom.index.errors import StorageFull
from wherefrom.index.library import Library
from wherefrom.service.api import batch_upload
from wherefrom.service.api.batch_upload import LINES_PER_CHANGE, results
from wherefrom.service.runtime.async_library import AsyncLibrary

MAX_LINE_BYTES = 100_000


class Filling(Library):
    """A library whose disk is full from its second batch on."""

    batches = 0

    def put_batch(  # type: ignore[override]
        self, items: Sequence[Item], *, vectors: Sequence[ItemVectors]
    ) -> tuple[Change, ...]:
        self.batches += 1
        if self.batches > 1:
            raise StorageFull("the disk is full")
        return super().put_batch(items, vectors=vectors)


def test_lines_refused_by_a_full_disk_say_so_and_earlier_ones_are_stored(tmp_path: Path) -> None:
    async def all_results(library: Library) -> bytes:
        opened = AsyncLibrary(library, threads=1)
        return b"".join([part async for part in results(body, opened, MAX_LINE_BYTES)])

    body = b"".join(json.dumps({"text": prose(seed).decode()}).encode() + b"\n" for seed in range(LINES_PER_CHANGE + 2))
    with Filling.open(tmp_path, embedder=WordEmbedder()) as library:
        lines = [json.loads(line) for line in anyio.run(all_results, library).splitlines()]
        assert [line["change"] for line in lines] == ["added"] * LINES_PER_CHANGE + [None] * 2
        assert [line["error"] for line in lines[-2:]] == ["the disk is full"] * 2
        assert library.info().documents == LINES_PER_CHANGE


def test_a_line_beyond_the_document_limit_is_refused_by_number(tmp_path: Path) -> None:
    async def all_results(library: Library) -> bytes:
        return b"".join([part async for part in results(body, AsyncLibrary(library, threads=1), 1_000)])

    body = (
        json.dumps({"text": prose(1, 50).decode()}).encode()
        + b"\n"
        + json.dumps({"text": prose(2, 1).decode()}).encode()
    )
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        large, small = (json.loads(line) for line in anyio.run(all_results, library).splitlines())
    assert (large["change"], large["error"]) == (None, "it is larger than 1000 bytes")
    assert small["change"] == "added"


@pytest.mark.parametrize("packed", [False, True])
def test_a_batch_with_too_many_lines_is_refused_before_anything_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, packed: bool
) -> None:
    monkeypatch.setattr(batch_upload, "MAX_LINES", 3)
    line = json.dumps({"text": prose(1).decode()}).encode()
    headers = {"content-type": "application/x-ndjson"} | ({"content-encoding": "gzip"} if packed else {})
    with empty_client(tmp_path) as client:
        for body, status in ((b"\n".join([line] * 3), 200), (line + b"\n\n\n", 200), (line + b"\n\n\n\n", 413)):
            sent = gzip.compress(body) if packed else body
            response = client.post("/v1/documents:batch", content=sent, headers=headers)
            assert response.status_code == status
        assert response.json()["detail"] == "the batch has 4 lines; send at most 3 at a time"
        assert len(client.get("/v1/documents").json()["documents"]) == 1


def test_a_file_of_several_articles_is_a_batch(tmp_path: Path) -> None:
    rows = (f'Story {seed},"{prose(seed).decode()}",2024\n' for seed in range(2))
    table = "title,text,year\n" + "".join(rows) + "Empty,,1\n"
    headers = {"Content-Type": "text/csv", "Accept": "application/json"}
    with empty_client(tmp_path) as client:
        reply = client.post("/v1/documents:batch", content=table.encode(), headers=headers)
        assert reply.status_code == 200
        first, second, third = reply.json()["results"]
        assert [line["line"] for line in (first, second, third)] == [1, 2, 3]
        assert [line["change"] for line in (first, second, third)] == ["added", "added", None]
        assert first["warnings"] == ["unknown fields, kept as extra: year (2)"]
        document = client.get(f"/v1/documents/{second['document_id']}").json()
        assert (document["title"], document["extra"]) == ("Story 1", {"year": "2024"})
