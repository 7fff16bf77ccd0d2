import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from tests.support.servers.writer_server import writer_server
from wherefrom.service import bootstrap
from wherefrom.service.cli.main import main

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
