"""Columns hold what was appended, in memory or mapped from a file, and give their pages back without losing it."""

from pathlib import Path

import numpy as np
import pytest

from wherefrom.index.segments.columns import ColumnFolder, in_memory, mapped, read_columns, release


def resident_files() -> int:
    """Kilobytes of mapped files that this process holds."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["RssFile"].split()[0])


def test_a_column_on_disk_holds_what_one_in_memory_does(tmp_path: Path) -> None:
    blocks = [np.arange(12).reshape(4, 3), np.empty((0, 3)), np.arange(6).reshape(2, 3)]
    held = in_memory("numbers", "<i4", 3)
    with ColumnFolder(tmp_path) as folder:
        written = folder("numbers", "<i4", 3)
        for block in blocks:
            held.append(block)
            written.append(block)
        np.testing.assert_array_equal(written.finish(), held.finish())
        described = folder.described()
    np.testing.assert_array_equal(read_columns(tmp_path, described)["numbers"], held.finish())


def test_a_file_that_is_too_short_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "numbers.bin").write_bytes(b"1234")
    with pytest.raises(ValueError, match="buffer"):
        mapped(tmp_path / "numbers.bin", "<i4", (2,))


def test_pages_that_are_given_back_hold_the_same_when_they_are_looked_at_again(tmp_path: Path) -> None:
    numbers = np.arange(4_000_000, dtype="<i8")
    (tmp_path / "numbers.bin").write_bytes(numbers.tobytes())
    column = mapped(tmp_path / "numbers.bin", "<i8", (4_000_000,))
    assert int(column.sum()) == int(numbers.sum())
    before = resident_files()
    release(column)
    assert before - resident_files() > 20_000
    np.testing.assert_array_equal(column, numbers)


def test_a_column_in_memory_has_nothing_to_give_back() -> None:
    column = in_memory("numbers", "<i4").finish()
    release(column)
    assert column.size == 0
