from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.support.library_samples import seeds_library
from wherefrom.index.transfer import parquet_export, parquet_reader
from wherefrom.index.transfer.parquet_export import export
from wherefrom.index.transfer.parquet_reader import ParquetExport


def test_no_more_than_a_row_group_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_export, "ROW_GROUP_BYTES", 4_000)
    seeds_library(tmp_path / "data").close()
    export(tmp_path / "data", tmp_path / "out")
    sizes: list[int] = []
    batches = parquet_reader._batches

    def counted(file: pq.ParquetFile) -> object:
        for batch in batches(file):
            sizes.append(batch.nbytes)
            yield batch

    monkeypatch.setattr(parquet_reader, "_batches", counted)
    rows = list(ParquetExport(tmp_path / "out").rows("vectors"))
    assert len(rows) == 68 + 85
    assert len(sizes) > 10
    assert max(sizes) < 8_000
