import sys
from pathlib import Path

import pytest

from tests.support.library_samples import WordEmbedder, seeds_library
from tests.support.transfers import OtherEmbedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.service.cli.main import main


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def words(model: str | None = None, **_: object) -> Embedder:
        return OtherEmbedder() if model == "other" else WordEmbedder()

    monkeypatch.setattr("wherefrom.service.bootstrap.load_embedder", words)


@pytest.fixture
def data(tmp_path: Path) -> str:
    seeds_library(tmp_path / "data").close()
    return str(tmp_path / "data")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_an_index_is_exported_and_imported(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, again = str(tmp_path / "out"), str(tmp_path / "again")
    assert run("export", out, "--data", data) == 0
    assert capsys.readouterr().out == "5 documents with 68 paragraphs checked and exported\n"
    assert run("import", out, "--data", again) == 0
    assert capsys.readouterr().out == "5 documents with 68 paragraphs checked and imported\n"
    assert run("import", out, "--data", again) == 1
    assert "--replace" in capsys.readouterr().err
    assert run("import", out, "--data", again, "--replace", "--model", "other") == 1
    assert "--reindex" in capsys.readouterr().err
    assert run("import", out, "--data", again, "--replace", "--reindex", "--model", "other") == 0
    assert capsys.readouterr().out == "5 documents with 68 paragraphs read and embedded again\n"


def test_an_index_is_moved_and_the_reply_says_how_to_go_on(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "target"
    assert run("move", "--to", str(target), "--data", data) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("5 documents with 68 paragraphs copied and checked")
    assert f"--data {target}" in out
    with Library.open(target, embedder=WordEmbedder()) as library:
        assert library.info().documents == 5


def test_without_pyarrow_the_command_that_installs_it_is_told(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    for command in ("export", "import"):
        assert run(command, str(tmp_path / "out"), "--data", data) == 1
        assert "pip install 'wherefrom[parquet]'" in capsys.readouterr().err


def test_a_folder_that_is_no_export_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", str(tmp_path), "--data", str(tmp_path / "data")) == 1
    assert f"{tmp_path} is not an export" in " ".join(capsys.readouterr().err.split())
