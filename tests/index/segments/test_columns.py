"""Columns hold what was appended, in memory or memory-mapped, and releasing their pages loses nothing."""

from pathlib import Path

import numpy as np
import pytest

from wherefrom.index.segments.columns import ColumnFolder, in_memory, map_column, read_columns, release_pages


def resident_file_kb() -> int:
    """Return the resident kilobytes of mapped files in this process."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["RssFile"].split()[0])


def test_a_column_in_a_file_holds_the_same_as_one_in_memory(tmp_path: Path) -> None:
    blocks = [np.arange(12).reshape(4, 3), np.empty((0, 3)), np.arange(6).reshape(2, 3)]
    expected = in_memory("numbers", "<i4", 3)
    with ColumnFolder(tmp_path) as folder:
        written = folder("numbers", "<i4", 3)
        for block in blocks:
            expected.append(block)
            written.append(block)
        np.testing.assert_array_equal(written.finish(), expected.finish())
        described = folder.described()
    np.testing.assert_array_equal(read_columns(tmp_path, described)["numbers"], expected.finish())


def test_a_file_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "numbers.bin").write_bytes(b"1234")
    with pytest.raises(ValueError, match="buffer"):
        map_column(tmp_path / "numbers.bin", "<i4", (2,))


def test_released_pages_hold_the_same_when_they_are_read_again(tmp_path: Path) -> None:
    numbers = np.arange(4_000_000, dtype="<i8")
    (tmp_path / "numbers.bin").write_bytes(numbers.tobytes())
    column = map_column(tmp_path / "numbers.bin", "<i8", (4_000_000,))
    assert int(column.sum()) == int(numbers.sum())
    before = resident_file_kb()
    release_pages(column)
    assert before - resident_file_kb() > 20_000
    np.testing.assert_array_equal(column, numbers)


def test_releasing_a_column_in_memory_does_nothing() -> None:
    column = in_memory("numbers", "<i4").finish()
    release_pages(column)
    assert column.size == 0
