"""Every script in `examples/` runs against a real library or a real server."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.library_samples import QUESTION
from tests.support.paths import ROOT, SEEDS

EXAMPLES = ROOT / "examples"
ANSWER = "China and Russia are worried the system's powerful X-band radar"
WITHOUT_ANSWER = "Which BTS song was most viewed?"
TIMEOUT_SECONDS = 300


def run_example(name: str, *arguments: str, folder: Path) -> str:
    """Run an example in `folder` and return its standard output."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {
        "HF_HUB_OFFLINE": "1",
        "PATH": path,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
    }
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_ask_a_folder_prints_the_answer_and_its_sources(tmp_path: Path) -> None:
    output = run_example("ask_a_folder.py", str(SEEDS), QUESTION, folder=tmp_path)
    assert output.startswith(ANSWER)
    assert "1. China, Russia Forge Common Stance on THAAD Deployment in South Korea. CHINA TOPIX" in output
    assert "No answer" in run_example("ask_a_folder.py", str(SEEDS), WITHOUT_ANSWER, folder=tmp_path)


def test_async_client_prints_each_answer_with_a_verified_citation(service: str, tmp_path: Path) -> None:
    lines = run_example("async_client.py", service, QUESTION, WITHOUT_ANSWER, folder=tmp_path).splitlines()
    assert lines[0] == QUESTION
    assert lines[1].strip().startswith(ANSWER)
    assert lines[2].endswith("(verified)")
    assert lines[3:] == [WITHOUT_ANSWER, "  no answer"]


def test_agent_tool_calls_a_tool_and_verifies_its_citation(service: str, tmp_path: Path) -> None:
    output = run_example("agent_tool.py", service, QUESTION, folder=tmp_path)
    assert "tools: ask, get_document, verify_citation" in output
    assert ANSWER in output
    assert output.endswith("citation valid: True\n")
    assert run_example("agent_tool.py", service, WITHOUT_ANSWER, folder=tmp_path).endswith("no answer\n")


@pytest.mark.parametrize(
    ("name", "package"),
    [("langchain_retriever.py", "langchain_core"), ("llamaindex_retriever.py", "llama_index.core")],
)
def test_a_retriever_returns_passages_with_their_sources(service: str, tmp_path: Path, name: str, package: str) -> None:
    try:
        found = find_spec(package)
    except ModuleNotFoundError:
        found = None
    if found is None:
        pytest.skip(f"{package} is not installed; it is none of our dependencies")
    lines = run_example(name, service, QUESTION, folder=tmp_path).splitlines()
    assert lines[0].startswith(ANSWER)
    assert lines[1].startswith("  China, Russia Forge Common Stance")
    assert len(lines) == 6
    assert run_example(name, service, WITHOUT_ANSWER, folder=tmp_path) == "no answer\n"


def test_every_example_is_tested() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [path.name for path in EXAMPLES.glob("*.py") if f'"{path.name}"' not in text] == []
