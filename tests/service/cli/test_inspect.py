import gzip
import json
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from tests.support.documents import prose
from tests.support.library_samples import FIRST
from tests.support.paths import SEEDS
from tests.support.sticking_worker import STUCK, start_sticking_process
from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.service.cli.inspect import inspect


def test_json_is_a_line_for_each_file(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(SEEDS.glob("*.txt"))
    assert inspect(files, as_json=True) == 0
    documents = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [document["source"] for document in documents] == [str(file) for file in files]
    assert sum(len(document["paragraphs"]) for document in documents) == 68
    assert list(documents[0]) == [
        *(
            "source",
            "encoding",
            "errors",
            "source_sha256",
            "media_type",
            "document",
            "origins",
            "paragraphs",
            "subheads",
        ),
        "dropped",
    ]
    assert list(documents[0]["document"]) == ["title", "publisher", "agency", "authors", "published", "url"]


def test_the_segments_are_those_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect([SEEDS / FIRST], as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    text = (SEEDS / FIRST).read_bytes().decode(document["encoding"])
    for paragraph in document["paragraphs"]:
        cited = "".join(text[segment["start"] : segment["end"]] for segment in paragraph["segments"])
        assert cited.split() == paragraph["text"].split()


def test_kept_and_dropped_text_is_shown_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect([SEEDS / FIRST], as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{SEEDS / FIRST} (utf-8, text/plain)"
    assert "  publisher: CHINA TOPIX (text)" in lines
    assert "  published: none" in lines
    numbers = [int(line.split()[0]) for line in lines[7:-2]]
    assert numbers == sorted(numbers)
    assert sum("  keep  " in line for line in lines) == 16
    assert [line.split("  head  ")[1] for line in lines if "  head  " in line] == [
        '"Grave Threats"  subhead',
        '"Strong Reactions"  subhead',
    ]
    assert "16 paragraphs, 2 subheads kept" in lines[-2]
    assert any(line.startswith("   11  drop  ") and "(Photo : Reuters)" in line for line in lines)


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").touch()
    files = [tmp_path / "empty.txt", tmp_path / "missing.txt", tmp_path, SEEDS / FIRST]
    assert inspect(files, as_json=True) == 1
    output = capsys.readouterr()
    assert output.out.count("\n") == 1
    assert [line.split(": ")[0] for line in output.err.splitlines()] == [f"refused {file}" for file in files[:3]]


PAGE = """<html><head><meta property="og:site_name" content="The Example"><title>The bridge</title></head><body>
<nav>Home &amp; <b>away</b></nav><p>The bridge was <i>closed</i> on Monday after a crack was found in it, he said."""


def test_a_folder_is_refused_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect([tmp_path], as_json=False) == 1
    assert capsys.readouterr().err == f"refused {tmp_path}: it is a folder; name files in it\n"


def test_html_json_lines_and_gzip_files_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.jsonl").write_text(json.dumps({"html": PAGE, "title": "Given"}) + "\n{\n")
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress((SEEDS / FIRST).read_bytes()))
    assert inspect([tmp_path / name for name in ("a.html", "b.jsonl", "c.txt.gz")], as_json=True) == 1
    captured = capsys.readouterr()
    page, line, packed = (json.loads(each) for each in captured.out.splitlines())
    assert captured.err.startswith(f"refused {tmp_path / 'b.jsonl'}:2: it is not JSON")
    assert (page["document"]["title"], page["origins"]["publisher"]) == ("The bridge", "opengraph")
    assert (line["source"], line["document"]["title"]) == (f"{tmp_path / 'b.jsonl'}:1", "Given")
    assert len(packed["paragraphs"]) == 16
    (paragraph,) = page["paragraphs"]
    assert "".join(PAGE[s["start"] : s["end"]] for s in paragraph["segments"]) == paragraph["text"]


def test_dropped_text_is_shown_with_its_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    inspect([tmp_path / "a.html"], as_json=False)
    shown = capsys.readouterr().out
    assert "drop  menu: Home & away\n" in shown
    assert "1 paragraph kept; dropped: 1 title, 1 menu\n" in shown
    assert "publisher: The Example (opengraph)\n" in shown


def test_a_terminal_gets_colour(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wide = Console(force_terminal=True, color_system="standard", width=500, highlight=False)
    monkeypatch.setattr("wherefrom.service.cli.inspect.console", lambda _: wide)
    inspect([SEEDS / FIRST], as_json=False)
    shown = capsys.readouterr().out
    assert "\x1b[1;32mkeep\x1b[0m" in shown
    assert "\x1b[31mdrop\x1b[0m" in shown


def test_a_source_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text("The minister \x1b[31msaid on Tuesday that the plan would go ahead in spite of protests.\n" * 2)
    inspect([file], as_json=False)
    assert "\x1b" not in capsys.readouterr().out


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = partial(ExtractionPool, seconds_per_mib=2, start=start_sticking_process)
    monkeypatch.setattr("wherefrom.service.cli.inspect.ExtractionPool", pool)
    (tmp_path / "slow.txt").write_bytes(STUCK)
    assert inspect([tmp_path / "slow.txt", SEEDS / FIRST], as_json=True) == 1
    shown = capsys.readouterr()
    assert shown.err == f"refused {tmp_path / 'slow.txt'}: reading it takes longer than 2 s\n"
    assert json.loads(shown.out)["source"] == str(SEEDS / FIRST)


def test_a_file_of_which_much_may_be_missing_is_shown_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_text(f'<html><script type=application/ld+json>{{"wordCount": 5000}}</script><p>{prose(1).decode()}</p>')
    assert inspect([page], as_json=True) == inspect([page], as_json=False) == 0
    document, shown = capsys.readouterr().out.split("\n", 1)
    (warning,) = json.loads(document)["warnings"]
    assert warning.endswith("words are kept of an article that the page says has 5,000")
    assert f"  warning: {warning}\n" in shown
