from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.library_samples import FIRST, QUESTION, WordEmbedder
from tests.support.paths import SEEDS
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.service import bootstrap
from wherefrom.service.settings import Settings


@pytest.fixture(autouse=True)
def _exported_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load an embedder without a model that is prepared each time."""

    def load(_: str | None, *, on_export: Callable[[], None], **__: object) -> Embedder:
        on_export()
        return WordEmbedder()

    monkeypatch.setattr(bootstrap, "load_embedder", load)


def test_a_library_is_opened_with_the_paths_indexed_and_reports_what_takes_long(tmp_path: Path) -> None:
    reports: list[str] = []
    settings = Settings(data=tmp_path / "var", threshold=0.0)
    with bootstrap.open_warm(settings, [SEEDS], reports.append) as library:
        assert library.info().documents == 5
        assert library.ask(QUESTION).status == "answered"
    assert reports == ["Preparing the language model (first run only)", f"Reading {SEEDS}"]


def test_a_refused_file_keeps_no_other_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "empty.txt").touch()
    with bootstrap.open_warm(Settings(data=tmp_path / "var"), [SEEDS, tmp_path / "empty.txt"]) as library:
        assert library.info().documents == 5
    assert "empty.txt" in caplog.text


def test_a_service_tells_what_it_has_not_read_and_what_is_gone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="wherefrom")
    folder, settings = tmp_path / "files", Settings(data=tmp_path / "var")
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_bytes((SEEDS / FIRST).read_bytes())
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    row = '{"text": "The quay was sold on Monday, the mayor of the town said.", "oddity": 1}\n'
    (folder / "rows.jsonl").write_text(row + row)
    bootstrap.open_warm(settings, [folder]).close()
    assert f"left out {folder / 'link.txt'}: it is a link that leads nowhere" in caplog.text
    assert "left out 1 of other kinds: 1 .doc" in caplog.text
    assert f"note {folder / 'rows.jsonl'}: articles that are the same in every respect" in caplog.text
    (folder / "b.txt").unlink()
    bootstrap.open_warm(settings, [folder]).close()
    assert f"gone {folder / 'b.txt'}: its file is gone; b.txt still answers" in caplog.text
    assert "it is removed by `wherefrom index --prune` with the same paths" in caplog.text


def test_preparing_is_told_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bootstrap.open_library(Settings(data=tmp_path)).close()
    assert capsys.readouterr().err == "Preparing the language model (first run only)\n"
