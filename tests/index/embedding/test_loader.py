from pathlib import Path

import pytest

from wherefrom.index.embedding.loader import default_models_folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's cache folder, which is not there yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_data_folders_share_the_models_in_the_users_cache(cache: Path, tmp_path: Path) -> None:
    expected = cache / "wherefrom" / "models"
    assert default_models_folder(tmp_path / "one") == default_models_folder(tmp_path / "two") == expected
    assert default_models_folder() == expected


@pytest.mark.usefixtures("cache")
def test_models_that_a_data_folder_has_are_used(tmp_path: Path) -> None:
    (tmp_path / "one" / "models").mkdir(parents=True)
    assert default_models_folder(tmp_path / "one") == tmp_path / "one" / "models"


def test_without_a_cache_that_can_be_written_to_models_lie_in_the_data_folder(cache: Path, tmp_path: Path) -> None:
    cache.write_text("no folder")
    assert default_models_folder(tmp_path / "one") == tmp_path / "one" / "models"
