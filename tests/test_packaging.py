"""A wheel holds one import name, which works beside an application's own `service/`, `index.py` and `eval/`."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.paths import ROOT

WITHOUT = shutil.ignore_patterns(".git", ".venv*", "var", "build", "*.egg-info", "__pycache__", ".*_cache")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    checkout = folder / "checkout"
    shutil.copytree(ROOT, checkout, symlinks=True, ignore=WITHOUT)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(checkout)], check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is unpacked."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, application: Path, *command: str) -> str:
    """Run Python in an application's folder with the installed wheel, and return its output."""
    environment = os.environ | {"PYTHONPATH": str(installed), "HF_HUB_OFFLINE": "1"}
    completed = subprocess.run(
        [sys.executable, *command], cwd=application, env=environment, capture_output=True, text=True, check=False
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stdout


def test_the_wheel_holds_one_import_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"wherefrom"}
    for part in (
        "py.typed",
        "index/scoring/ranking.json",
        "index/embedding/token_head.npz",
        "index/writing/prompts/answer-1.toml",
        "service/page/index.html",
    ):
        assert f"wherefrom/{part}" in names
    assert "wherefrom/eval/questions.jsonl" in names


def test_the_names_of_an_application_do_not_hide_ours(installed: Path, tmp_path: Path) -> None:
    for name in ("service", "eval"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('a decoy')\n")
    (tmp_path / "index.py").write_text("raise ImportError('a decoy')\n")
    program = "import wherefrom; from wherefrom import AsyncClient, Client, Library; print(wherefrom.__file__)"
    assert run(installed, tmp_path, "-c", program).strip() == str(installed / "wherefrom" / "__init__.py")


def test_an_installed_wheel_indexes_and_asks_from_another_folder(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "articles")
    command = ("-m", "wherefrom.service.cli.main")
    assert "5 added" in run(installed, tmp_path, *command, "index", "articles", "--data", "my-index")
    answer = run(installed, tmp_path, *command, "ask", "what is THAAD for?", "--json", "--data", "my-index")
    assert '"status":"answered"' in answer
