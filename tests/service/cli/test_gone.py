"""Documents that are gone are named, up to a limit, with what to do."""

from pathlib import Path
from typing import Literal

from wherefrom.index.syncing.gone_documents import GoneDocument
from wherefrom.service.cli.gone import gone_lines, removed_line


def gone(name: str, what: Literal["file", "article"] = "file") -> GoneDocument:
    return GoneDocument(document_id=f"id-{name}", source=name, path=Path(name), what=what)


def test_nothing_is_told_if_nothing_is_gone() -> None:
    assert list(gone_lines([])) == []


def test_each_is_named_with_the_reason_and_the_way_to_remove_it() -> None:
    assert list(gone_lines([gone("a.txt"), gone("b.jsonl:3", "article")])) == [
        "gone a.txt: its file is gone; id-a.txt still answers",
        "gone b.jsonl:3: it is no longer in its file; id-b.jsonl:3 still answers",
        "they are removed if you run the same command with --prune",
    ]


def test_many_are_counted() -> None:
    lines = list(gone_lines([gone(str(number)) for number in range(1_012)]))
    assert len(lines) == 12
    assert lines[-2] == "gone 1,002 more"


def test_one_that_is_removed_is_named_by_its_id() -> None:
    assert removed_line(gone("a.txt")) == "removed id-a.txt: its file is gone (a.txt)"
