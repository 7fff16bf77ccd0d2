import json
from pathlib import Path

import pytest

from service.inspection import inspect
from tests.library_samples import FIRST, SEEDS


def test_json_is_a_line_for_each_file(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(SEEDS.glob("*.txt"))
    assert inspect(files, as_json=True) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["source"] for each in told] == [str(file) for file in files]
    assert sum(len(each["paragraphs"]) for each in told) == 68
    assert list(told[0]) == ["source", "encoding", "source_sha256", "document", "paragraphs", "dropped"]
    assert list(told[0]["document"]) == ["title", "publisher", "agency", "authors", "published", "url"]


def test_the_segments_are_those_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect([SEEDS / FIRST], as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    text = (SEEDS / FIRST).read_bytes().decode(told["encoding"])
    for paragraph in told["paragraphs"]:
        cited = "".join(text[each["start"] : each["end"]] for each in paragraph["segments"])
        assert cited.split() == paragraph["text"].split()


def test_people_see_what_is_kept_and_what_is_dropped_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect([SEEDS / FIRST], as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{SEEDS / FIRST} (utf-8)"
    assert "  publisher: CHINA TOPIX" in lines
    assert "  published: none" in lines
    numbers = [int(line.split()[0]) for line in lines[7:] if line]
    assert numbers == sorted(numbers)
    assert sum("  keep  " in line for line in lines) == 16
    assert any(line.startswith("   11  drop  ") and "(Photo : Reuters)" in line for line in lines)


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").touch()
    files = [tmp_path / "empty.txt", tmp_path / "missing.txt", tmp_path, SEEDS / FIRST]
    assert inspect(files, as_json=True) == 1
    told = capsys.readouterr()
    assert told.out.count("\n") == 1
    assert [line.split(": ")[0] for line in told.err.splitlines()] == [f"refused {file}" for file in files[:3]]


def test_a_source_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text("The minister \x1b[31msaid on Tuesday that the plan would go ahead in spite of protests.\n" * 2)
    inspect([file], as_json=False)
    assert "\x1b" not in capsys.readouterr().out
