import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from wherefrom.index.on_ray import workers
from wherefrom.index.on_ray.workers import FileTask, PartReader
from wherefrom.index.sources.file_formats import read_file
from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.types import RawSource

LINES = 10


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "lines.jsonl"
    rows = [json.dumps({"id": f"line-{number}", "text": f"Line number {number}."}) for number in range(LINES)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the files that are opened from now on."""
    paths: list[Path] = []

    def read(path: Path, source: str) -> Iterator[ReadResult]:
        paths.append(path)
        yield from read_file(path, source)

    monkeypatch.setattr(workers, "read_file", read)
    return paths


def part(path: Path, first: int, stop: int | None, number: int = 0) -> FileTask:
    return FileTask(number=number, path=path, source=path.name, first=first, stop=stop)


def ids(reader: PartReader, task: FileTask) -> list[str]:
    return [str(each.document_id) for each in reader.read(task) if isinstance(each, RawSource)]


def lines(first: int, stop: int) -> list[str]:
    return [f"line-{number}" for number in range(first, stop)]


def test_each_part_has_its_articles_and_the_file_is_read_once_for_all(file: Path, opened: list[Path]) -> None:
    reader = PartReader()
    assert ids(reader, part(file, 0, 4)) == lines(0, 4)
    assert ids(reader, part(file, 6, 8)) == lines(6, 8)
    assert ids(reader, part(file, 8, None)) == lines(8, LINES)
    assert ids(reader, part(file, 20, 30)) == []
    assert opened == [file]


def test_an_earlier_part_and_another_file_are_read_from_their_start(file: Path, opened: list[Path]) -> None:
    reader = PartReader()
    assert ids(reader, part(file, 4, 8)) == lines(4, 8)
    assert ids(reader, part(file, 2, 6)) == lines(2, 6)
    assert ids(reader, part(file, 8, None, number=1)) == lines(8, LINES)
    assert len(opened) == 3


def test_a_part_that_was_left_in_the_middle_is_read_whole_again(file: Path, opened: list[Path]) -> None:
    reader = PartReader()
    half = reader.read(part(file, 2, 6))
    next(half)
    assert ids(reader, part(file, 2, 6)) == lines(2, 6)
    assert len(opened) == 2


def test_a_file_that_is_gone_is_an_error_of_every_part(tmp_path: Path) -> None:
    reader = PartReader()
    with pytest.raises(FileNotFoundError):
        ids(reader, part(tmp_path / "gone.jsonl", 0, 4))
