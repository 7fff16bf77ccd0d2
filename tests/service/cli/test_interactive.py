import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from tests.support.servers.writer_server import writer_server
from wherefrom.index.types import AskOptions
from wherefrom.service import bootstrap
from wherefrom.service.cli import interactive
from wherefrom.service.cli.main import main
from wherefrom.service.settings import Settings

OPTIONS = AskOptions(top_k=2)


def typed(*lines: str) -> Callable[[str], str]:
    remaining = iter(lines)

    def read(_: str) -> str:
        try:
            return next(remaining)
        except StopIteration:
            raise EOFError from None

    return read


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings under which the seeds are opened without a model."""
    monkeypatch.setattr(interactive, "open_existing", lambda _: seeds_library(tmp_path))
    return Settings()


def test_questions_follow_each_other(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    interactive.ask_repeatedly(settings, OPTIONS, first=QUESTION, read=typed("Who is the ambassador?"))
    output = capsys.readouterr().out
    assert output.startswith("5 documents. Ask in plain words.")
    assert output.count("(confidence ") == 2


def test_a_question_is_asked_in_the_context_of_the_answer_before(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = typed("and what did it say?", "help", "and when?", QUESTION)
    interactive.ask_repeatedly(settings, OPTIONS, first=QUESTION, read=lines)
    asked_as = [line for line in capsys.readouterr().out.splitlines() if line.startswith("asked as: ")]
    assert asked_as == ["asked as: and what did it say? Russia X-band", "asked as: and when? Russia X-band"]


def test_a_number_shows_that_passage_whole(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    interactive.ask_repeatedly(settings, OPTIONS, first=QUESTION, read=typed("2", "7"))
    output = capsys.readouterr().out
    assert output.count("   SHA-256 ") == 1
    assert output.endswith("there is no passage 7\n")


def test_an_invalid_question_ends_no_conversation(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    interactive.ask_repeatedly(settings, OPTIONS, first=None, read=typed("x" * 5_000, QUESTION))
    output = capsys.readouterr()
    assert output.err.startswith("wherefrom: question: ")
    assert output.out.count("(confidence ") == 1


@pytest.mark.parametrize("end", ["", "exit", "Quit"])
def test_an_exit_word_ends_the_conversation(end: str, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    interactive.ask_repeatedly(settings, OPTIONS, first=None, read=typed(end, QUESTION))
    assert "(confidence " not in capsys.readouterr().out


@pytest.mark.parametrize("word", ["help", "HELP", "?"])
def test_help_is_help_and_no_question(word: str, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    interactive.ask_repeatedly(settings, OPTIONS, first=None, read=typed(word))
    output = capsys.readouterr().out
    assert "(confidence " not in output
    assert "-word must not" in output


def test_in_a_terminal_asking_without_a_question_starts_a_conversation(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()
    script = (
        "from wherefrom.service.cli import interactive\n"
        "from tests.support.library_samples import seeds_library\n"
        "from pathlib import Path\n"
        f"interactive.open_existing = lambda settings: seeds_library(Path({str(tmp_path)!r}))\n"
        "from wherefrom.service.cli.main import main\n"
        "main(['ask'])"
    )
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", script]
    environment = os.environ | {"TERM": "xterm"}
    with subprocess.Popen(command, env=environment, stdin=follower, stdout=follower, stderr=follower) as process:
        os.close(follower)
        os.write(leader, f"{QUESTION}\nexit\n".encode())
        output = b""
        while process.poll() is None or b"1. " not in output:
            try:
                output += os.read(leader, 65_536)
            except OSError:
                break
        assert process.wait(timeout=30) == 0
    os.close(leader)
    assert b"5 documents." in output
    assert b"\x1b[1;30;43m" in output


WRITER = ["--writer", "openai", "--writer-model", "quoting"]


@pytest.fixture(scope="module")
def writer() -> Iterator[str]:
    with writer_server() as url:
        yield url


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bootstrap, "load_embedder", lambda *_, **__: WordEmbedder())
    seeds_library(tmp_path / "data").close()
    return tmp_path / "data"


def ask(data: Path, *arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["ask", QUESTION, "--data", str(data), "--threshold", "0", *arguments])
    output = capsys.readouterr()
    assert isinstance(ended.value.code, int | None)
    return ended.value.code or 0, output.out, output.err


def test_sentences_are_printed_below_the_passages(data: Path, writer: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(data, "--written", "--writer-url", writer, *WRITER, "--writer-key", "sk-hidden", capsys=capsys)
    assert code == 0, err
    verbatim, _, written = out.partition("Written from these passages:\n")
    assert "5. " in verbatim
    first, second = written.splitlines()
    assert first.endswith("[1]")
    assert second.endswith("[2]")
    assert first.removesuffix(" [1]") in verbatim
    assert "sk-hidden" not in out + err


def test_json_is_the_object_of_the_http_api(data: Path, writer: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ask(data, "--written", "--json", "--writer-url", writer, *WRITER, capsys=capsys)
    assert [len(sentence["passages"]) for sentence in json.loads(out)["written"]["sentences"]] == [1, 1]


def test_what_the_writer_did_wrong_is_a_warning(data: Path, writer: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = ["--writer", "openai", "--writer-model", "inventing"]
    code, out, err = ask(data, "--written", "--explain", "--writer-url", writer, *model, capsys=capsys)
    assert code == 0
    assert "warning: 3 of 4 written sentences failed their check" in err
    assert "3 sentences failed the check." in out
    assert "What was written is not the answer; the passages above are." in out
    assert "Quimby" not in out.partition("3 sentences failed")[0]


def test_without_a_writer_the_flag_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = ask(data, "--written", capsys=capsys)
    assert code != 0
    assert "WHEREFROM_WRITER (--writer): --written needs one" in err
