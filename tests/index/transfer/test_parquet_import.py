import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support.library_samples import FIRST, WordEmbedder, seeds_library
from tests.support.transfers import (
    NoEmbedder,
    OtherEmbedder,
    answers,
    contents,
    run_until_killed,
    varied_library,
)
from wherefrom.index.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.transfer.parquet_export import export
from wherefrom.index.transfer.parquet_import import import_export
from wherefrom.index.transfer.parquet_manifest import MANIFEST, ExportManifest
from wherefrom.index.transfer.parquet_schema import TABLES, file_name, schema_of
from wherefrom.index.types import Filters
from wherefrom.index.verify import verify_folder

SCHEMAS = [(table, name) for table in TABLES for name in schema_of(table, 64).names]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the export of a varied collection, which no test may change; its index lies beside it."""
    folder = tmp_path_factory.mktemp("exported")
    varied_library(folder / "data").close()
    export(folder / "data", folder / "out")
    return folder / "out"


@pytest.fixture
def copy(exported: Path, tmp_path: Path) -> Path:
    """Return a copy of the export that a test may change."""
    folder = tmp_path / "out"
    folder.mkdir()
    for path in exported.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def changed(value: object, kind: pa.DataType) -> object:
    """Return another value of the same kind."""
    if pa.types.is_fixed_size_list(kind):
        return [0.5, *list(value)[1:]]  # type: ignore[call-overload]
    if isinstance(value, list):
        return [*value, value[-1]] if value else ["Another"]
    if isinstance(value, bytes):
        return value + b"!"
    if isinstance(value, int):
        return value + 1
    return f"{value} another" if isinstance(value, str) else {"date32[day]": 1}.get(str(kind), "another")


def rewrite(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path, write_page_checksum=True)


def test_an_export_is_imported_without_embedding_and_nothing_differs(exported: Path, tmp_path: Path) -> None:
    import_export(exported, tmp_path / "data", NoEmbedder())
    assert contents(tmp_path / "data") == contents(exported.parent / "data")
    assert verify_folder(tmp_path / "data").mismatches == verify_folder(exported.parent / "data").mismatches


def test_an_import_can_be_exported_again_to_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    import_export(exported, tmp_path / "data", NoEmbedder())
    export(tmp_path / "data", tmp_path / "again")
    for path in exported.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_corrections_can_still_be_taken_back_after_an_import(exported: Path, tmp_path: Path) -> None:
    import_export(exported, tmp_path / "data", WordEmbedder())
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        assert library.document(FIRST).title == "A better title"
        library.correct(FIRST, {}, restored=["title"])
        assert library.document(FIRST).title == "China, Russia Forge Common Stance on THAAD Deployment in South Korea"


def test_an_empty_collection_can_be_exported_and_imported(tmp_path: Path) -> None:
    Library.open(tmp_path / "data", embedder=WordEmbedder()).close()
    export(tmp_path / "data", tmp_path / "out")
    assert import_export(tmp_path / "out", tmp_path / "again", NoEmbedder()).documents == 0


def test_another_model_is_refused_with_what_to_do(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMismatch, match=r"the model words .* not other .*--reindex"):
        import_export(exported, tmp_path / "data", OtherEmbedder())
    assert not (tmp_path / "data").exists()


def test_another_cleaner_is_refused_with_what_to_do(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wherefrom.index.transfer.parquet_import.CLEANER_VERSION", "999")
    with pytest.raises(IndexMismatch, match=r"cleaned by version \d+ of the rules, not 999.*--reindex"):
        import_export(exported, tmp_path / "data", WordEmbedder())


def test_with_reindex_every_source_is_read_and_embedded_again(exported: Path, tmp_path: Path) -> None:
    imported = import_export(exported, tmp_path / "data", OtherEmbedder(), reindex=True)
    with (
        Library.open(tmp_path / "data", embedder=OtherEmbedder(), threshold=0.0) as library,
        Library.open(exported.parent / "data", embedder=WordEmbedder(), threshold=0.0) as original,
    ):
        assert library.info().model == "other"
        assert imported.documents == original.info().documents
        assert library.documents() == original.documents()
        assert [each.passages for each in answers(library)] == [each.passages for each in answers(original)]
        assert library.ask("bridge", filters=Filters(publisher=("The Post",))).passages


def test_a_data_folder_in_use_is_only_overwritten_if_asked_for_and_in_one_step(exported: Path, tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        before = library.info()
        with pytest.raises(IndexUnusable, match="--replace"):
            import_export(exported, library.data, NoEmbedder())
        with library.writing(), pytest.raises(IndexLocked):
            import_export(exported, library.data, NoEmbedder(), replace=True, wait=0)
        seen = []

        def on_document(_: str) -> None:
            seen.append(library.info() == before)

        imported = import_export(exported, library.data, NoEmbedder(), on_document, replace=True)
        assert all(seen)
        assert len(seen) == imported.documents == library.info().documents
        assert library.document(FIRST).title == "A better title"


@pytest.mark.parametrize(("table", "column"), SCHEMAS)
def test_a_changed_value_is_refused_with_the_name_of_its_file_and_column(
    copy: Path, tmp_path: Path, table: str, column: str
) -> None:
    path = copy / file_name(table)
    whole = pq.read_table(path)
    number = whole.schema.names.index(column)
    values = whole.column(column).to_pylist()
    values[3] = changed(values[3], whole.schema.field(column).type)
    rewrite(
        path, whole.set_column(number, whole.schema.field(column), pa.array(values, whole.schema.field(column).type))
    )
    with seeds_library(tmp_path / "data") as library:
        before = library.info()
        with pytest.raises(IndexDamaged, match=rf"{path}, column {column}: .*nothing was imported"):
            import_export(copy, library.data, NoEmbedder(), replace=True)
        assert library.info() == before


@pytest.mark.parametrize("table", TABLES)
def test_a_damaged_byte_is_refused_with_the_name_of_its_file_and_column(copy: Path, tmp_path: Path, table: str) -> None:
    path = copy / file_name(table)
    metadata = pq.read_metadata(path)
    for number in range(metadata.num_columns):
        chunk = metadata.row_group(0).column(number)
        start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
        last = start + chunk.total_compressed_size - 1
        raw = bytearray(path.read_bytes())
        raw[last] ^= 0xFF
        path.write_bytes(raw)
        column = chunk.path_in_schema.partition(".")[0]
        with pytest.raises(IndexDamaged, match=rf"{path}, column {column}: "):
            import_export(copy, tmp_path / "data", NoEmbedder())
        raw[last] ^= 0xFF
        path.write_bytes(raw)
    assert import_export(copy, tmp_path / "data", NoEmbedder()).documents


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_or_cut_file_and_a_missing_wrong_or_further_column_are_named(
    copy: Path, tmp_path: Path, table: str
) -> None:
    path = copy / file_name(table)
    raw, whole = path.read_bytes(), pq.read_table(path)
    attempts: list[tuple[Callable[[], object], str]] = [
        (lambda: rewrite(path, whole.drop_columns(["document_id"])), f"{path}, column document_id: .*missing"),
        (
            lambda: rewrite(path, whole.set_column(0, "document_id", pa.array(range(len(whole))))),
            f"{path}, column document_id: its type is int64, not string",
        ),
        (
            lambda: rewrite(path, whole.append_column("mine", pa.array(range(len(whole))))),
            f"{path}, column mine: an export has no such column",
        ),
        (lambda: rewrite(path, whole.slice(1)), f"{path}: it has {len(whole) - 1:,} rows, not {len(whole):,}"),
        (lambda: path.write_bytes(raw[: len(raw) // 2]), f"{path}: it is not a Parquet file"),
        (lambda: path.write_bytes(b""), f"{path}: it is not a Parquet file"),
        (path.unlink, f"{path} cannot be read"),
    ]
    for damage, message in attempts:
        damage()
        with pytest.raises(IndexUnusable, match=message):
            import_export(copy, tmp_path / "data", NoEmbedder())
        assert not (tmp_path / "data").exists()


def forge(folder: Path, **values: object) -> None:
    """Write a manifest with other values and the seal that belongs to them."""
    path = folder / MANIFEST
    stored = json.loads(path.read_text(encoding="utf-8")) | values
    path.write_text(json.dumps(stored), encoding="utf-8")


def test_a_damaged_manifest_and_one_of_another_version_or_program_are_refused(copy: Path, tmp_path: Path) -> None:
    path = copy / MANIFEST
    text = path.read_text(encoding="utf-8")
    attempts: list[tuple[Callable[[], object], str]] = [
        (lambda: path.write_text(text.replace('"documents": ', '"documents": 1'), encoding="utf-8"), "is damaged"),
        (lambda: path.write_text(text[:100], encoding="utf-8"), "is damaged"),
        (lambda: path.write_text("[]", encoding="utf-8"), "is damaged"),
        (lambda: forge(copy, format_version=2), "format version 2, this program reads 1"),
        (lambda: forge(copy, format="other"), "belongs to another program"),
        (path.unlink, "is not an export"),
    ]
    for damage, message in attempts:
        path.write_text(text, encoding="utf-8")
        damage()
        with pytest.raises(IndexUnusable, match=message):
            import_export(copy, tmp_path / "data", NoEmbedder())


def test_files_of_two_exports_do_not_make_one(copy: Path, tmp_path: Path) -> None:
    seeds_library(tmp_path / "seeds").close()
    export(tmp_path / "seeds", tmp_path / "other")
    (copy / "vectors.parquet").write_bytes((tmp_path / "other" / "vectors.parquet").read_bytes())
    with pytest.raises(IndexDamaged, match=r"vectors\.parquet"):
        import_export(copy, tmp_path / "data", NoEmbedder())


def test_a_killed_import_leaves_the_index_that_was_there_and_can_be_repeated(exported: Path, tmp_path: Path) -> None:
    documents = ExportManifest.load(exported).collection.documents
    for after in (documents // 2, documents):
        data = tmp_path / f"data-{after}"
        assert len(run_until_killed("import", exported, data, after)) == after
        with Library.open(data, embedder=WordEmbedder()) as library:
            assert library.info().documents in ((0, documents) if after == documents else (0,))
        assert not (data / "import").exists()
        import_export(exported, data, NoEmbedder(), replace=True)
        assert contents(data) == contents(exported.parent / "data")
