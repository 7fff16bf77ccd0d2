"""The command line loads no web framework to index or to ask."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documents import prose
from tests.support.paths import ROOT

WEB_FRAMEWORKS = {"fastapi", "starlette", "uvicorn"}
WRITING = {
    "openai",
    "openvino_genai",
    "wherefrom.index.writing.sentence_check",
    "wherefrom.index.writing.answer_writer",
}
"""What only written answers need."""
SLOW_TO_IMPORT = {"limits", "scipy", "torch", "wherefrom.index.cleaning.extract"}
"""What a start need not wait for: rate limits, extraction, which is another process's work, and large libraries."""
SCRIPT = """
import sys
from tests.support.library_samples import WordEmbedder
from wherefrom.service import bootstrap
from wherefrom.service.cli.main import main

bootstrap.load_embedder = lambda *_, **__: WordEmbedder()
try:
    main(sys.argv[1:])
finally:
    print("modules:", *sys.modules, file=sys.stderr)
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SCRIPT, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def loaded_modules(process: subprocess.CompletedProcess[str]) -> set[str]:
    assert process.returncode == 0, process.stderr
    return set(process.stderr.partition("modules:")[2].split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "story.txt").write_bytes(prose(1))
    return folder


def test_indexing_and_asking_load_no_web_framework(folder: Path, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    indexing = run("index", str(folder), "--data", data)
    assert indexing.stdout == "added story.txt\n1 file: 1 added, 0 updated, 0 unchanged, 0 refused\n"
    asking = run("ask", "What was filed?", "--data", data)
    as_json = run("ask", "What was filed?", "--data", data, "--json")
    for process in (indexing, asking, as_json):
        modules = loaded_modules(process)
        assert "wherefrom.index.library" in modules
        assert modules & (WEB_FRAMEWORKS | WRITING) == set()


def test_the_service_loads_at_its_start_nothing_that_few_services_need() -> None:
    script = "import sys, wherefrom.service.api.server; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert modules & WRITING == set()
    assert modules & SLOW_TO_IMPORT == set()
