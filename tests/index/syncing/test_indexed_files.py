"""An index knows the files that it was made of, under the names with which they were indexed."""

from pathlib import Path

import pytest

from tests.support.documents import document, prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.syncing.indexed_files import indexed_files


def test_each_file_that_is_there_is_named_once_as_it_was_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "stories"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_bytes(prose(len(name)))
    text = prose(9).replace(b"\n", b"\\n")
    lines = [b'{"id": "%d", "text": "%s"}' % (number, text) for number in range(3)]
    (folder / "more.jsonl").write_bytes(b"\n".join(lines))
    monkeypatch.chdir(tmp_path)
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        ingest(library, [Path("stories")])
        library.put("sent", document(prose(20)))
        (folder / "b.txt").unlink()
        files = [(file.path, file.source) for file in indexed_files(library)]
    assert files == [(folder / "a.txt", "stories/a.txt"), (folder / "more.jsonl", "stories/more.jsonl")]
