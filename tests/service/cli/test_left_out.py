"""What indexing leaves out is told: links and unreadable folders by name, other files by kind and count."""

from pathlib import Path

from wherefrom.index.sources.file_selection import LeftOut
from wherefrom.service.cli.left_out import MAX_NAMED, left_out_lines


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
    assert lines[1] == "left out link-0.txt: it is a link that leads out of the folder; --follow-links reads it"
    assert lines[-1] == "left out 2 more: it is a link that leads out of the folder; --follow-links reads it"
    assert len(lines) == 1 + MAX_NAMED + 1
