from pathlib import Path

import pytest

from tests.support.eval_samples import write_jsonl
from wherefrom.eval.datasets.jsonl import EvalDataError, read_lines, read_rows


def test_rows_keep_the_number_of_their_line(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "rows.jsonl", [{"a": "x"}, "", {"a": "y"}])
    assert [(row.line, row.text("a")) for row in read_rows(path)] == [(1, "x"), (3, "y")]


def test_a_line_separator_inside_a_string_does_not_end_the_line(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "rows.jsonl", ['{"a": "x\u2028y"}'])
    assert [row.text("a") for row in read_rows(path)] == ["x\u2028y"]


@pytest.mark.parametrize(("line", "reason"), [("{oops", "not JSON"), ("[1]", "must be an object")])
def test_a_line_without_an_object_is_an_error_with_its_number(tmp_path: Path, line: str, reason: str) -> None:
    path = write_jsonl(tmp_path / "rows.jsonl", [{"a": "x"}, line])
    with pytest.raises(EvalDataError, match=f"rows.jsonl, line 2: {reason}"):
        list(read_rows(path))


def test_a_lone_surrogate_is_an_error(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "rows.jsonl", ['{"a": "x\\ud800"}'])
    with pytest.raises(EvalDataError, match="line 1, a: contains a lone surrogate"):
        next(read_rows(path)).text("a")


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(EvalDataError, match=r"gone\.jsonl: cannot be read"):
        list(read_lines(tmp_path / "gone.jsonl"))


def test_a_file_that_is_not_utf_8_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"a": "\xff"}\n')
    with pytest.raises(EvalDataError, match="is not UTF-8"):
        list(read_lines(path))
