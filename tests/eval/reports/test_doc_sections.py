from pathlib import Path

import pytest

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.reports.doc_sections import table, write_parts

PAGE = "Before.\n\n<!-- begin one -->\nold\n<!-- end one -->\nBetween.\n<!-- begin two -->\n<!-- end two -->\nAfter.\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_only_what_stands_between_the_marks_is_written(page: Path) -> None:
    write_parts(page, {"one": r"new \1"})
    assert page.read_text(encoding="utf-8") == PAGE.replace("old", "\nnew \\1\n")


def test_writing_twice_is_writing_once(page: Path) -> None:
    write_parts(page, {"one": "new", "two": "more"})
    once = page.read_bytes()
    write_parts(page, {"one": "new", "two": "more"})
    assert page.read_bytes() == once


def test_a_page_without_the_place_is_left_as_it_was(page: Path) -> None:
    with pytest.raises(EvalDataError, match="<!-- begin three -->"):
        write_parts(page, {"one": "new", "three": "?"})
    assert page.read_text(encoding="utf-8") == PAGE


def test_a_page_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalDataError, match=r"none\.md: cannot be read"):
        write_parts(tmp_path / "none.md", {})


def test_a_table_has_its_head_and_its_rows() -> None:
    assert table([["a", "b"], ["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
