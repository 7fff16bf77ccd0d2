"""Every command and example of the README and the guides runs, and prints what the page shows."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.main import get_command

from tests.support.paths import ROOT
from tests.support.servers.browsing import serving
from wherefrom.service.cli.main import app

GUIDES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
PAGES = [*GUIDES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / ".github").rglob("*.md")]
NAMES = [page.relative_to(ROOT).as_posix() for page in GUIDES]
DOCUMENTED_ADDRESS = "127.0.0.1:8000"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\b\d+\.\d+\b")
TIMEOUT_SECONDS = 120
KINDS_NOT_RUN = ("", "promql", "nginx", "caddy", "ini", "yaml")
NOT_RUN = {
    "make serve": "installs everything, and serves until it is stopped",
    "make test": "runs this test",
    "docker ": "needs Docker, which the tests do not require",
}


class Block(NamedTuple):
    """A fenced block, and whether nothing stands between it and the block before."""

    kind: str
    text: str
    follows: bool


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documented")
    run([str(Path(sys.executable).parent / "wherefrom"), "index", "seeds", "--data", str(folder)], ROOT, {})
    return folder


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """The address of a service on the seeds, which replaces 127.0.0.1:8000 in the examples."""
    with serving(data) as url:
        yield url.removeprefix("http://")


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    result, end = [], 0
    for match in BLOCK.finditer(text):
        result.append(Block(match[1], match[2], follows=not text[end : match.start()].strip()))
        end = match.end()
    return result


def run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    full_environment = os.environ | {"HF_HUB_OFFLINE": "1", "PATH": path, "PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(
        command, cwd=folder, env=full_environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def runnable_lines(script: str) -> str:
    """Return the script without the lines that are not run here."""
    lines = script.splitlines(keepends=True)
    return "".join(line for line in lines if not line.removeprefix("$ ").startswith(tuple(NOT_RUN)))


def matches(expected: object, actual: object) -> bool:
    """Return whether `actual` contains what a page shows of it; decimal numbers may differ, "…" stands for any rest."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            name in actual and matches(expected[name], actual[name]) for name in expected
        )
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(expected) > len(actual):
            return False
        return all(matches(wanted, item) for wanted, item in zip(expected, actual, strict=False))
    if isinstance(expected, float):
        return isinstance(actual, float | int)
    if isinstance(expected, str) and expected.endswith("…"):
        return isinstance(actual, str) and actual.startswith(expected.removesuffix("…").rstrip())
    return bool(expected == actual)


def normalized(text: str) -> str:
    return " ".join(NUMBER.sub("#", text).split())


def check_console(text: str, folder: Path, environment: dict[str, str]) -> None:
    """Run each line after a $ and check that its output contains the lines below it, in order."""
    for part in re.split(r"^\$ ", runnable_lines(text), flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        output, position = normalized(run(["bash", "-c", command], folder, environment)), 0
        for part_shown in filter(None, map(str.strip, normalized(expected).split("..."))):
            assert part_shown in output[position:], output
            position = output.index(part_shown, position) + len(part_shown)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_runs_and_prints_what_the_page_shows(name: str, data: Path, address: str, tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    environment = {"WHEREFROM_DATA": str(data)}
    output = ""
    for kind, written, follows in blocks(ROOT / name):
        text = written.replace(DOCUMENTED_ADDRESS, address)
        if kind == "json":
            expected = json.loads(text)
            if follows and output:
                actual, _ = json.JSONDecoder().raw_decode(output.strip())
                assert matches(expected, actual), output
        elif kind == "console":
            check_console(text, tmp_path, environment)
        elif kind == "python":
            output = run([sys.executable, "-W", "ignore::ResourceWarning", "-c", text], tmp_path, environment)
        elif kind == "sh":
            output = run(["bash", "-euc", runnable_lines(text)], tmp_path, environment)
        else:
            assert kind in KINDS_NOT_RUN, f"unknown kind of block: {kind}"


def test_every_command_that_is_not_run_is_on_a_page() -> None:
    lines = [line.removeprefix("$ ") for page in PAGES for block in blocks(page) for line in block.text.splitlines()]
    assert [start for start in NOT_RUN if not any(line.startswith(start) for line in lines)] == []


def test_every_command_and_flag_that_a_page_names_exists() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        code = re.findall(r"`([^`\n]+)`", BLOCK.sub("", page.read_text(encoding="utf-8")))
        for words in map(str.split, code):
            if words[0] == "wherefrom" and len(words) > 1 and not words[1].startswith("-"):
                assert words[1] in commands, (page, words)
                flags = {"--help"} | {
                    flag for option in commands[words[1]].params for flag in (*option.opts, *option.secondary_opts)
                }
                named = {word.strip("[]") for word in words if word.startswith(("-", "[-")) and len(word) > 1}
                assert named <= flags, (page, words)
            if words[0] == "make" and len(words) > 1:
                assert words[1] in targets, (page, words)


def test_every_path_and_module_that_a_page_names_exists() -> None:
    for page in PAGES:
        code = re.findall(r"`([^`\n]+)`", BLOCK.sub("", page.read_text(encoding="utf-8")))
        for text in code:
            for path in re.findall(r"^(?:index|service|eval|tests|docs|examples)/[\w./-]+$", text):
                assert (ROOT / path).exists(), (page.name, path)
            for module in re.findall(r"\bwherefrom\.(?:index|service|eval)[\w.]*", text):
                path = ROOT.joinpath(*module.split(".")[1:])
                assert path.is_dir() or path.with_suffix(".py").exists(), (page.name, module)


def test_every_link_of_a_page_leads_to_a_file_and_a_heading() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", page.read_text(encoding="utf-8"))):
            if "://" in target:
                continue
            name, _, anchor = target.partition("#")
            linked = page.parent / name if name else page
            assert linked.exists(), (page.name, target)
            if anchor:
                headings = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
                anchors = {re.sub(r"[^\w\s-]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
                assert anchor in anchors, (page.name, target)


def test_the_comparison_can_fail() -> None:
    actual = {"a": [{"text": "one two", "at": 3, "share": 0.7}], "b": None}
    assert matches({"a": [{"text": "one …", "at": 3, "share": 0.2}]}, actual)
    wrongs: list[object] = [{"a": [{"at": 4}]}, {"a": [{"text": "two …"}]}, {"c": None}, {"a": [{}, {}]}, {"b": 0.5}]
    assert not any(matches(wrong, actual) for wrong in wrongs)
