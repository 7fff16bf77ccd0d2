"""The command line on an index that is in a cluster."""

import json
from pathlib import Path

import pytest

from tests.support.cluster import ClusterServers
from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from tests.support.paths import SEEDS
from wherefrom.index.library import Library
from wherefrom.service.cli.main import main


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wherefrom.service.bootstrap.load_embedder", lambda *_, **__: WordEmbedder())


@pytest.fixture
def cluster(cluster_servers: ClusterServers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Set the variables of a cluster, and return a data folder that does not exist."""
    monkeypatch.setenv("WHEREFROM_ENGINE", "cluster")
    file = tmp_path / "dsn"
    file.write_text(f"{cluster_servers.postgres.new_database()}\n")
    monkeypatch.setenv("WHEREFROM_POSTGRES_DSN_FILE", str(file))
    monkeypatch.setenv("WHEREFROM_MILVUS_URI", cluster_servers.milvus.uri)
    monkeypatch.setenv("WHEREFROM_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_commands_work_on_the_cluster_and_leave_the_data_folder_alone(
    cluster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("list") == 1
    assert "holds no index" in capsys.readouterr().err
    assert run("index", str(SEEDS)) == 0
    assert run("remove", FIRST) == 0
    capsys.readouterr()
    assert run("list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["total"] == 4
    assert run("status", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["data"], facts["documents"]) == ("PostgreSQL", 4)
    assert run("verify") == 0
    assert "every citation holds" in capsys.readouterr().out
    assert run("ask", QUESTION, "--json") == 0
    assert json.loads(capsys.readouterr().out)["index"]["documents"] == 4
    assert not cluster.exists()


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("command", [["backup", "out"], ["restore", "in"], ["import", "in"], ["index", "--rebuild"]])
def test_a_command_that_works_on_a_data_folder_is_refused(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*command) == 2
    assert "this command works on a data folder" in " ".join(capsys.readouterr().err.split())


def test_a_data_folder_is_moved_to_a_cluster_that_holds_nothing_else(
    cluster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds_library(cluster).close()
    assert run("move", "--to", "cluster") == 0
    assert capsys.readouterr().out.startswith("5 documents with 68 paragraphs copied and checked")
    assert run("status", "--json", "--engine", "embedded") == 0
    before = json.loads(capsys.readouterr().out)
    assert run("status", "--json") == 0
    assert json.loads(capsys.readouterr().out)["generation"] == before["generation"]
    exported = cluster.parent / "exported"
    assert run("export", str(exported)) == 0
    assert capsys.readouterr().out == "5 documents with 68 paragraphs checked and exported\n"
    assert run("import", str(exported), "--engine", "embedded", "--data", str(cluster.parent / "back")) == 0
    assert capsys.readouterr().out == "5 documents with 68 paragraphs checked and imported\n"
    assert run("move", "--to", "cluster") == 0  # once more: nothing differs
    with Library.open(cluster, embedder=WordEmbedder()) as library:
        library.correct(FIRST, {"title": "Another title"})
    capsys.readouterr()
    assert run("move", "--to", "cluster") == 1
    assert f"1 document with other contents than in {cluster}, such as '{FIRST}'; --replace" in capsys.readouterr().err
    assert run("move", "--to", "cluster", "--replace") == 0
    capsys.readouterr()
    assert run("list", "--json", "Another title") == 0
    assert json.loads(capsys.readouterr().out)["total"] == 1
    assert run("remove", FIRST, "--engine", "embedded") == 0
    capsys.readouterr()
    assert run("move", "--to", "cluster") == 1
    assert "that " in capsys.readouterr().err


def test_a_cluster_without_its_addresses_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WHEREFROM_ENGINE", "cluster")
    assert run("list") == 2
    assert "WHEREFROM_POSTGRES_DSN" in capsys.readouterr().err
    monkeypatch.setenv("WHEREFROM_ENGINE", "clusters")
    assert run("list") == 2
    assert "neither embedded nor cluster" in capsys.readouterr().err
