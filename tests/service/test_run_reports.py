"""What a run leaves out or finds gone is told: by name up to a limit, by kind and count, and with what to do."""

from pathlib import Path
from typing import Literal

from wherefrom.index.sources.file_selection import LeftOut
from wherefrom.index.syncing.gone_documents import GoneDocument
from wherefrom.service.run_reports import MAX_NAMED, gone_lines, left_out_lines, removed_line


def gone(name: str, what: Literal["file", "article"] = "file") -> GoneDocument:
    return GoneDocument(document_id=f"id-{name}", source=name, path=Path(name), what=what)


def test_nothing_is_told_if_nothing_is_left_out() -> None:
    assert list(left_out_lines([])) == []


def test_files_of_other_kinds_are_counted_by_kind_the_most_frequent_first() -> None:
    details = [".jpg", ".pdf", ".jpg", "", "named pipe"]
    entries = [LeftOut(path=Path(f"{n}"), kind="other file", detail=detail) for n, detail in enumerate(details)]
    entries.append(LeftOut(path=Path(".git"), kind="hidden"))
    assert list(left_out_lines(entries)) == [
        "left out 5 of other kinds: 2 .jpg, 1 .pdf, 1 named pipe, 1 without a suffix",
        "left out 1 hidden",
    ]


def test_unreadable_folders_and_links_are_named_up_to_a_limit() -> None:
    entries = [LeftOut(path=Path("private"), kind="unreadable", detail="Permission denied")]
    entries += [LeftOut(path=Path(f"link-{number}.txt"), kind="link out") for number in range(MAX_NAMED + 2)]
    lines = list(left_out_lines(entries))
    assert lines[0] == "left out private: it cannot be read (Permission denied)"
    assert (
        lines[1]
        == "left out link-0.txt: it is a link that leads out of the folder; `wherefrom index --follow-links` reads it"
    )
    assert (
        lines[-1]
        == "left out 2 more: it is a link that leads out of the folder; `wherefrom index --follow-links` reads it"
    )
    assert len(lines) == 1 + MAX_NAMED + 1


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
