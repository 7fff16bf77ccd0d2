from pathlib import Path

import pytest

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.reports.doc_sections import replace_sections, table, write_parts

PAGE = "Before.\n\n<!-- begin one -->\nold\n<!-- end one -->\nBetween.\n<!-- begin two -->\n<!-- end two -->\nAfter.\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_only_text_between_the_markers_is_replaced(page: Path) -> None:
    write_parts(page, {"one": r"new \1"})
    assert page.read_text(encoding="utf-8") == PAGE.replace("old", "\nnew \\1\n")


def test_writing_is_idempotent(page: Path) -> None:
    write_parts(page, {"one": "new", "two": "more"})
    once = page.read_bytes()
    write_parts(page, {"one": "new", "two": "more"})
    assert page.read_bytes() == once


def test_a_page_without_the_markers_is_left_unchanged(page: Path) -> None:
    with pytest.raises(EvalDataError, match="<!-- begin three -->"):
        write_parts(page, {"one": "new", "three": "?"})
    assert page.read_text(encoding="utf-8") == PAGE


def test_a_missing_page_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(EvalDataError, match=r"none\.md: cannot be read"):
        write_parts(tmp_path / "none.md", {})


def test_a_table_has_a_header_and_rows() -> None:
    assert table([["a", "b"], ["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_sections_are_replaced_by_their_headings_and_new_ones_stand_at_the_end() -> None:
    page = "# Page\n\nIntroduction.\n\n## One\n\nold\n\n### Part\n\n## Two\n\nstays\n"
    replaced = replace_sections(page, ["## One\n\nnew", "## Three\n\nadded"])
    assert replaced == "# Page\n\nIntroduction.\n\n## One\n\nnew\n\n## Two\n\nstays\n\n## Three\n\nadded\n"
    assert replace_sections(replaced, ["# Page\n\nIntroduction."]) == replaced
    assert replace_sections("", ["# Page", "## One"]) == "# Page\n\n## One\n"
