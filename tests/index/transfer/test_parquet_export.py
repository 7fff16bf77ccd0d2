from pathlib import Path

import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from tests.support.documents import document, prose
from tests.support.library_samples import FIRST, WordEmbedder, seeds_library
from tests.support.transfers import run_until_killed, varied_library
from wherefrom.index.errors import IndexDamaged, IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.storage.backup import backup
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.storage.connection import Connection
from wherefrom.index.transfer import parquet_export
from wherefrom.index.transfer.parquet_export import export
from wherefrom.index.transfer.parquet_schema import TABLES, file_name


def test_an_export_has_a_row_for_each_document_paragraph_sentence_and_vector(tmp_path: Path) -> None:
    seeds_library(tmp_path / "data").close()
    assert export(tmp_path / "data", tmp_path / "out").documents == 5
    tables = {table: pq.read_table(tmp_path / "out" / file_name(table)) for table in TABLES}
    assert [len(table) for table in tables.values()] == [5, 68, 85, 68 + 85]
    first = tables["documents"].filter(pq.filters_to_expression([("document_id", "=", FIRST)])).to_pylist()[0]
    assert (first["publisher"], first["raw"][:5]) == ("CHINA TOPIX", (Path("seeds") / FIRST).read_bytes()[:5])


def test_the_offsets_of_an_export_lead_to_the_text_in_the_source(tmp_path: Path) -> None:
    varied_library(tmp_path / "data").close()
    export(tmp_path / "data", tmp_path / "out")
    texts = {
        row["document_id"]: row["extracted_text"] or row["raw"].decode(row["encoding"], row["errors"])
        for row in pq.read_table(tmp_path / "out" / "documents.parquet").to_pylist()
        if row["media_type"] != "text/html"
    }
    paragraphs = pq.read_table(tmp_path / "out" / "paragraphs.parquet").to_pylist()
    checked = 0
    for row in paragraphs:
        if (text := texts.get(row["document_id"])) is not None:
            cited = "".join(text[segment["start"] : segment["end"]] for segment in row["segments"])
            assert " ".join(cited.split()) == row["text"]
            checked += 1
    assert checked == len(paragraphs) - 1


def test_an_export_is_one_state_whatever_is_written_meanwhile(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        seen: list[str] = []

        def on_document(document_id: str) -> None:
            seen.append(document_id)
            library.put(f"later-{len(seen)}", document(prose(len(seen)), "later"))

        assert export(tmp_path / "data", tmp_path / "out", on_document).documents == len(seen) == 5
        assert len(library.documents()) == 10
    assert pq.read_metadata(tmp_path / "out" / "documents.parquet").num_rows == 5


def test_equal_collections_have_equal_exports(tmp_path: Path) -> None:
    seeds_library(tmp_path / "data").close()
    for name in ("one", "two"):
        export(tmp_path / "data", tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_row_groups_are_limited_by_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_export, "ROW_GROUP_BYTES", 4_000)
    seeds_library(tmp_path / "data").close()
    export(tmp_path / "data", tmp_path / "out")
    assert pq.read_metadata(tmp_path / "out" / "documents.parquet").num_row_groups == 4
    vectors = pq.read_metadata(tmp_path / "out" / "vectors.parquet")
    assert all(vectors.row_group(number).num_rows <= 13 for number in range(vectors.num_row_groups))


def test_an_existing_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    seeds_library(tmp_path / "data").close()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()
    with pytest.raises(IndexUnusable, match="not empty"):
        export(tmp_path / "data", tmp_path / "out")
    (tmp_path / "out" / "mine.txt").unlink()
    assert export(tmp_path / "data", tmp_path / "out").documents == 5


@pytest.mark.parametrize("name", ["import", "restore", "rebuild", "deleted-exports"])
def test_a_name_that_the_next_start_would_delete_is_refused(tmp_path: Path, name: str) -> None:
    data = tmp_path / "data"
    with varied_library(data):
        with pytest.raises(IndexUnusable, match=f"{name} would be deleted"):
            export(data, data / name)
        with pytest.raises(IndexUnusable, match=f"{name} would be deleted"):
            backup(data, data / name)
        export(data, data / "export")
        export(data, tmp_path / name)
    with Library.open(data, embedder=WordEmbedder()):
        assert (data / "export" / "manifest.json").exists()


def test_two_exports_to_one_folder_do_not_mix(tmp_path: Path) -> None:
    seeds_library(tmp_path / "data").close()
    with FileLock(tmp_path / "out.partial.lock"), pytest.raises(IndexUnusable, match="another process"):
        export(tmp_path / "data", tmp_path / "out")


def test_a_damaged_document_ends_an_export_which_leaves_nothing(tmp_path: Path) -> None:
    seeds_library(tmp_path / "data").close()
    connection = Connection(tmp_path / "data" / CATALOG)
    connection.sqlite.execute("UPDATE paragraphs SET text = 'Something else.' WHERE number = 3")
    connection.close()
    with pytest.raises(IndexDamaged, match=r"000_3a64872121ddd60b\.txt"):
        export(tmp_path / "data", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_folder_without_an_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="holds no index"):
        export(tmp_path / "data", tmp_path / "out")


def test_a_killed_export_leaves_no_folder_and_the_next_one_removes_its_rest(tmp_path: Path) -> None:
    varied_library(tmp_path / "data").close()
    assert len(run_until_killed("export", tmp_path / "data", tmp_path / "out", 20)) == 20
    assert {path.name for path in tmp_path.iterdir()} == {"data", "out.partial", "out.partial.lock"}
    documents = export(tmp_path / "data", tmp_path / "out").documents
    assert {path.name for path in tmp_path.iterdir()} == {"data", "out"}
    assert pq.read_metadata(tmp_path / "out" / "documents.parquet").num_rows == documents
