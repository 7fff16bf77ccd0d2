import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.library_samples import FIRST, QUESTION, WordEmbedder
from tests.support.paths import ROOT, SEEDS
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.segments.base_store import DERIVED_FOLDER
from wherefrom.service.cli.main import COMMANDS, main


class TerminalOutput(io.StringIO):
    """An output that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def words(*_: object, **__: object) -> Embedder:
        return WordEmbedder()

    monkeypatch.setattr("wherefrom.service.bootstrap.load_embedder", words)


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    data = str(tmp_path / "var")
    assert run("index", str(SEEDS), "--data", data) == 0
    capsys.readouterr()
    return data


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_indexing_counts_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path / "var")
    assert run("index", str(SEEDS), "--data", data) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == [f"added {path.name}" for path in sorted(SEEDS.glob("*.txt"))]
    assert lines[-1] == "5 files: 5 added, 0 updated, 0 unchanged, 0 refused"
    assert run("index", str(SEEDS / FIRST), "--data", data) == 0
    assert capsys.readouterr().out == "1 file: 0 added, 0 updated, 1 unchanged, 0 refused\n"


def test_a_refused_file_is_named_and_the_others_are_indexed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "good.txt").write_bytes((SEEDS / FIRST).read_bytes())
    (files / "empty.txt").touch()
    (files / "menu.txt").write_text("Home\nNews\nSport\n")
    missing = tmp_path / "missing.txt"
    assert run("index", str(files), str(missing), "--data", str(tmp_path / "var")) == 1
    output = capsys.readouterr()
    assert output.out == "added good.txt\n4 files: 1 added, 0 updated, 0 unchanged, 3 refused\n"
    refused = [line.split(": ")[0] for line in output.err.splitlines()]
    assert sorted(refused) == sorted(f"refused {path}" for path in (files / "empty.txt", files / "menu.txt", missing))


def test_a_file_of_which_much_may_be_missing_is_named_with_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    text = (SEEDS / FIRST).read_text()
    page.write_text(f'<html><script type=application/ld+json>{{"wordCount": 9000}}</script><pre>{text}</pre></html>')
    assert run("index", str(page), "--data", str(tmp_path / "var")) == 0
    output = capsys.readouterr()
    assert output.out == "added page.html\n1 file: 1 added, 0 updated, 0 unchanged, 0 refused, 1 with a warning\n"
    assert output.err.startswith(f"warning {page}: added, but only ")
    assert output.err.endswith(" words are kept of an article that the page says has 9,000\n")


def test_indexing_nothing_into_an_empty_index_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("index", "--data", str(tmp_path / "var")) == 2
    assert "name files or folders" in capsys.readouterr().err


def test_indexing_without_paths_reads_the_known_files_again(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("index", "--data", data) == 0
    assert capsys.readouterr().out == "5 files: 0 added, 0 updated, 5 unchanged, 0 refused\n"


def test_indexing_needs_no_argument_at_all(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WHEREFROM_DATA", data)
    assert run("index") == 0
    assert capsys.readouterr().out == "5 files: 0 added, 0 updated, 5 unchanged, 0 refused\n"


@pytest.mark.parametrize("command", ["index", "watch", "serve", "inspect"])
def test_an_empty_path_is_not_the_current_folder(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "") == 2
    assert "it is empty; name a file or a folder" in capsys.readouterr().err


def test_an_address_cannot_be_served(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "https://example.org/feed") == 2
    assert "https://example.org/feed is no file or folder; `wherefrom index` reads it" in capsys.readouterr().err


def test_a_folder_that_the_system_refuses_is_a_line_without_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / ("x" * 300)
    assert run("status", "--data", str(data)) == 1
    assert capsys.readouterr().err == f"wherefrom: {data}/catalog.sqlite: File name too long\n"


def test_characters_that_the_terminal_lacks_are_escaped_and_json_stays_utf_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "caf\u00e9.txt"
    text.write_bytes((SEEDS / FIRST).read_bytes())
    data = str(tmp_path / "var")

    def printed(*arguments: str) -> bytes:
        stream = io.BytesIO()
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(stream, encoding="ascii"))
        assert run(*arguments, "--data", data) == 0
        sys.stdout.flush()
        return stream.getvalue()

    printed("index", str(text))
    assert b"/caf\\xe9.txt:" in printed("ask", QUESTION)
    assert "/caf\u00e9.txt" in json.loads(printed("list", "--json"))["documents"][0]["source"]


def test_a_closed_output_fails_no_command(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert run("status", "--data", data) == 0
    assert run("remove", "nothing", "--data", data) == 1


def test_rebuilding_keeps_every_document(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("index", "--rebuild", "--data", data) == 0
    assert capsys.readouterr().out == "5 documents read and embedded again\n"
    assert run("verify", "--data", data) == 0


def test_rebuilding_takes_no_paths(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("index", "--rebuild", str(SEEDS), "--data", data) == 2
    assert "--rebuild" in capsys.readouterr().err


def test_an_answer_is_a_sentence_and_its_sources(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", QUESTION, "--data", data, "--threshold", "0", "--top-k", "2") == 0
    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert "X-band radar" in lines[0]
    assert lines[1].startswith("(confidence 0.")
    assert lines[3].startswith("1. China, Russia Forge Common Stance on THAAD Deployment in South Korea.")
    assert lines[4].startswith("   China and Russia are worried the system's powerful X-band radar")
    assert lines[5].endswith(f"{FIRST}:43")
    assert lines[7].startswith("2. ")
    assert ("\x1b" in output.out, output.err) == (False, "")


def test_no_answer_is_printed_and_exits_with_0(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", QUESTION, "--data", data, "--threshold", "1", "--explain") == 0
    output = capsys.readouterr().out
    assert output.startswith("No answer: nothing here answers it well enough (confidence 0.")
    assert "\n1. China, Russia Forge" in output
    assert "   dense 0." in output


def test_an_empty_index_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Library.open(tmp_path, embedder=WordEmbedder()).close()
    assert run("ask", QUESTION, "--data", str(tmp_path)) == 0
    assert "add documents with: wherefrom index PATH" in capsys.readouterr().out


def test_json_is_one_line_with_the_object_of_the_service(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", QUESTION, "--json", "--explain", "--top-k", "1", "--data", data) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    answer = json.loads(out)
    assert list(answer)[:3] == ["question", "status", "no_answer_reason"]
    assert list(answer["passages"][0])[-2:] == ["scores", "shared_words"]


def test_filters_are_flags(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    publisher = ["--publisher", "The Korea Times", "--publisher", "CHINA TOPIX"]
    dates = ["--published-from", "2016-02-01", "--published-to", "2016-02-29"]
    assert run("ask", QUESTION, "--json", *publisher, *dates, "--data", data) == 0
    output = capsys.readouterr()
    passages = json.loads(output.out)["passages"]
    assert {passage["citation"]["publisher"] for passage in passages} == {"The Korea Times"}


def test_warnings_do_not_mix_with_the_answer(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", QUESTION, "--published-from", "2016-02-01", "--data", data) == 0
    output = capsys.readouterr()
    assert output.err.startswith("warning: ")
    assert "warning" not in output.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", ""], "question: must not be empty"),
        (["ask", "x", "--top-k", "0"], "--top-k: must be between 1 and 100, not 0"),
        (["ask", "x", "--extra", "year"], "--extra: 'year' is not NAME=VALUE"),
        (["ask", "x" * 2001], "question: must have at most 2,000 characters"),
        (["ask", "x", "--publisher", "Korea Times"], "close: The Korea Times"),
        (["ask", "x", "--agency", "Yonhp"], "close: Yonhap"),
        (["ask", "x", "--extra", "section"], "'section' is not NAME=VALUE, NAME>=NUMBER or NAME<=NUMBER"),
        (["ask", "x", "--prefer", "oldest"], "Invalid value for '--prefer': 'oldest' is not one of 'newest'\n"),
        (["ask", "x", "--top-k", "many"], "Invalid value for '--top-k': must be a whole number\n"),
        (["ask", "x", "--half-life-days", "long"], "Invalid value for '--half-life-days': must be a number\n"),
        (["list", "--sort", "size"], "Invalid value for '--sort': 'size' is not one of 'document_id'"),
        (["serve", "nowhere"], "nowhere does not exist"),
        (["ask", "x", "--half-life-days", "0"], "--half-life-days: must be above 0"),
        (["ask", "x", "--published-from", "2024/3/1"], "'2024/3/1' is not a day such as 2024-03-31"),
        (["ask", "who", "won", "--json"], "after its first word (won); put the question in quotation marks"),
        (["ask", "x", "--threshold", "2"], "WHEREFROM_THRESHOLD (--threshold): 2 is not between 0 and 1"),
        (["serve", "--port", "99999"], "WHEREFROM_PORT (--port): 99999 is not between 0 and 65535"),
        (["ask"], "ask something, or add --interactive"),
        (["ask", "-i", "--json"], "is for one question"),
        (["aks", "x"], "Did you mean 'ask'?"),
    ],
)
def test_invalid_arguments_are_a_usage_error_in_one_line(
    arguments: list[str], message: str, data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHEREFROM_DATA", data)
    assert run(*arguments) == 2
    assert message in capsys.readouterr().err


def test_an_index_that_cannot_be_opened_is_a_line_without_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"no database" * 1000)
    for command in (["ask", "x"], ["verify"], ["index", str(SEEDS)]):
        assert run(*command, "--data", str(tmp_path)) == 1
        output = capsys.readouterr().err
        assert output.startswith("wherefrom: ")
        assert "Traceback" not in output


def test_a_flag_overrides_its_variable(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WHEREFROM_THRESHOLD", "1")
    monkeypatch.setenv("WHEREFROM_DATA", data)
    assert run("ask", QUESTION, "--json") == 0
    assert json.loads(capsys.readouterr().out)["threshold"] == 1
    assert run("ask", QUESTION, "--json", "--threshold", "0.5") == 0
    assert json.loads(capsys.readouterr().out)["threshold"] == 0.5


def test_verifying_counts_what_holds(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", "--data", data) == 0
    output = capsys.readouterr().out
    assert output.startswith("5 documents, 68 paragraphs, ")
    assert output.endswith(" sentences checked: every citation holds\n")


def test_verifying_names_every_mismatch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / FIRST
    file.write_bytes((SEEDS / FIRST).read_bytes())
    data = str(tmp_path / "var")
    assert run("index", str(file), "--data", data) == 0
    file.write_text("Something else.")
    capsys.readouterr()
    assert run("verify", "--data", data) == 1
    output = capsys.readouterr().out
    assert output.startswith(f"mismatch {FIRST} ({file}): ")
    assert output.endswith("checked: 1 mismatch\n")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("wherefrom 0.")


def test_help_loads_no_slow_modules() -> None:
    script = (
        "import sys; from wherefrom.service.cli.main import main\n"
        "try: main(['--help'])\n"
        "finally: sys.stderr.write(' '.join({'torch', 'faiss', 'numpy', 'fastapi'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    for command in ("index", "serve", "ask", "list", "status", "inspect", "verify"):
        assert f"  {command} " in done.stdout


def test_filters_operators_and_preference_are_flags_and_explained(
    data: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    article = {
        "id": "mill",
        "text": "The mill of Southport was bought on Tuesday, an owner said.",
        "title": "Mill bought",
    }
    extra = {"language": "en", "published": "2024-01-01", "extra": {"section": "local", "year": 2016}}
    (tmp_path / "mill.jsonl").write_text(json.dumps(article | extra))
    assert run("index", str(tmp_path / "mill.jsonl"), "--data", data) == 0
    capsys.readouterr()
    flags = ["--title", "mill", "--language", "en", "--extra", "section=local", "--extra", "year>=2016"]
    wanted = ["--prefer", "newest", "--half-life-days", "10", "--threshold", "0"]
    question = 'who bought "the mill" -Monday?'
    assert run("ask", question, *flags, *wanted, "--explain", "--json", "--data", data) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [passage["passage_id"] for passage in answer["passages"]] == ["mill:1"]
    assert answer["explanation"]["half_life_days"] == 10
    assert run("ask", question, *flags, *wanted, "--explain", "--data", data) == 0
    shown = capsys.readouterr().out
    assert "searched for: who bought the mill?; with the phrase: the mill; without: Monday;" in shown
    assert "preferred: newest, half-life 10 days before 2024-01-01" in shown
    assert "recency 1.000" in shown
    assert run("ask", "who?", "--author", "Nobody", "--data", data) == 2
    assert run("ask", "who?", "--agency", "Yonhap", "--top-k", "1", "--threshold", "0", "--data", data) == 0
    assert "The Korea Times" in capsys.readouterr().out


def test_asking_without_an_index_says_what_to_run_and_creates_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("ask", QUESTION, "--data", str(tmp_path / "var")) == 1
    assert "run `wherefrom index PATH ...`" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_documents_are_removed_all_or_none(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("remove", FIRST, "nowhere", "--data", data) == 1
    assert "no document has the id 'nowhere'" in capsys.readouterr().err
    assert run("remove", FIRST, FIRST, "--data", data) == 0
    assert capsys.readouterr().out == "1 document removed\n"
    assert run("verify", "--data", data) == 0
    assert capsys.readouterr().out.startswith("4 documents, ")


def test_a_backup_is_restored(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, again = str(tmp_path / "kept"), str(tmp_path / "again")
    assert run("backup", kept, "--data", data) == 0
    assert run("restore", kept, "--data", again) == 0
    assert capsys.readouterr().out == "5 documents checked and copied\n5 documents checked and restored\n"
    assert run("restore", kept, "--data", again) == 1
    assert "--replace" in capsys.readouterr().err
    assert run("restore", kept, "--data", again, "--replace") == 0
    assert run("verify", "--data", again) == 0


def test_verify_names_a_damaged_search_structure(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    (base,) = (Path(data) / DERIVED_FOLDER).iterdir()
    units = (base / "units.bin").read_bytes()
    (base / "units.bin").write_bytes(units[:-1] + bytes([units[-1] ^ 1]))
    assert run("verify", "--data", data) == 1
    assert f"damaged: {base} is damaged (units.bin" in capsys.readouterr().out.replace("\n", " ")


def test_what_is_left_out_of_a_folder_is_told_and_does_not_fail_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, secret = tmp_path / "files", tmp_path / "secret.txt"
    files.mkdir()
    secret.write_bytes((SEEDS / FIRST).read_bytes())
    (files / "good.txt").write_bytes((SEEDS / FIRST).read_bytes())
    (files / "photo.jpg").touch()
    (files / "link.txt").symlink_to(secret)
    assert run("index", str(files), "--data", str(tmp_path / "var")) == 0
    output = capsys.readouterr()
    assert output.out == "added good.txt\n1 file: 1 added, 0 updated, 0 unchanged, 0 refused\n"
    reason = "it is a link that leads out of the folder; `wherefrom index --follow-links` reads it"
    assert output.err.splitlines() == [
        f"left out {files / 'link.txt'}: {reason}",
        "left out 1 of other kinds: 1 .jpg",
    ]
    assert run("index", str(files), "--follow-links", "--data", str(tmp_path / "var")) == 0
    assert capsys.readouterr().out == "added link.txt\n2 files: 1 added, 0 updated, 1 unchanged, 0 refused\n"


def test_a_named_pipe_is_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for command in (("index", str(pipe), "--data", str(tmp_path / "var")), ("inspect", str(pipe))):
        assert run(*command) == 1
        assert capsys.readouterr().err == f"refused {pipe}: it is a named pipe, not a file\n"


def test_a_page_whose_reading_fails_is_a_line_without_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, story = tmp_path / "files", (SEEDS / FIRST).read_text()
    files.mkdir()
    page = files / "a.html"
    page.write_text(f"<html><body><article><p>{story}</p><p>{story}&#{'1' * 5_000};</p>")
    (files / "b.txt").write_text(story)
    refused = f"refused {page}: it has a numeric character reference with thousands of digits\n"
    assert run("index", str(files), "--data", str(tmp_path / "var")) == 1
    output = capsys.readouterr()
    assert (output.err, output.out) == (refused, "added b.txt\n2 files: 1 added, 0 updated, 0 unchanged, 1 refused\n")
    assert run("inspect", str(page)) == 1
    assert capsys.readouterr().err == refused


def test_a_bare_command_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    bare = capsys.readouterr().out
    assert run("--help") == 0
    assert capsys.readouterr().out == bare
    assert "--install-completion" in bare


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_no_types_of_python(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    assert re.findall(r"<.*>|\bstr\b|\blist\[", capsys.readouterr().out) == []


def test_a_shell_is_offered_completions() -> None:
    environment = os.environ | {"_WHEREFROM_COMPLETE": "complete_bash", "COMP_WORDS": "wherefrom st", "COMP_CWORD": "1"}
    script = "import sys; sys.argv[0] = 'wherefrom'; from wherefrom.service.cli.main import main; main()"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["status"], done.stderr


def test_documents_are_listed_without_a_model(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr("wherefrom.service.bootstrap.load_embedder")
    assert run("list", "--data", data) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == [path.name for path in sorted(SEEDS.glob("*.txt"))]
    assert rows[0][1:3] == ["2016-02-02", "The Korea Times"]
    assert run("list", "RUSSIA", "thaad", "--sort", "-published", "--limit", "1", "--json", "--data", data) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["total"], [each["document_id"] for each in listed["documents"]]) == (2, [rows[0][0]])


def test_a_terminal_shows_whole_ids(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = TerminalOutput()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "50")
    assert run("list", "--data", data) == 0
    column = "".join(line.partition(" ")[0] for line in terminal.getvalue().splitlines())
    for path in SEEDS.glob("*.txt"):
        assert path.name in column


def test_the_status_is_what_the_index_is(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr("wherefrom.service.bootstrap.load_embedder")
    assert run("status", "--json", "--data", data) == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["documents"], status["passages"], status["model"]) == (5, 68, "words")
    assert run("status", "--data", data) == 0
    assert f"{data}: 5 documents, 68 passages" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["list", "status"])
def test_what_is_no_index_is_said_with_what_to_run(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "--data", str(tmp_path / "var")) == 1
    assert "run `wherefrom index PATH ...`" in capsys.readouterr().err


def test_indexing_nothing_is_refused_before_a_model_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr("wherefrom.service.bootstrap.load_embedder")
    assert run("index", "--data", str(tmp_path / "var")) == 2
    assert "name files or folders" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()
