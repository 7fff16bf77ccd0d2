"""Every command and example of the README and the guides is run; what they show is what comes."""

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

from tests.support.browsing import serving
from tests.support.paths import ROOT
from wherefrom.service.cli.main import app

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
HERE = "127.0.0.1:8000"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\b\d+\.\d+\b")
SECONDS = 120
READ_ONLY = ("", "promql")
NOT_RUN = {
    "make serve": "installs everything, and serves until it is ended",
    "make test": "runs this very test",
    "docker ": "needs Docker, which builds and tests of this project do without",
}


class Block(NamedTuple):
    """A fenced block, and whether it follows the one before with nothing between them."""

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
    """Where a service on the seeds listens, which the examples find at 127.0.0.1:8000."""
    with serving(data) as url:
        yield url.removeprefix("http://")


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found, end = [], 0
    for match in BLOCK.finditer(text):
        found.append(Block(match[1], match[2], follows=not text[end : match.start()].strip()))
        end = match.end()
    return found


def run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    whole = os.environ | {"HF_HUB_OFFLINE": "1", "PATH": path, "PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(command, cwd=folder, env=whole, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def left(script: str) -> str:
    """A script without the lines that are not run here."""
    lines = script.splitlines(keepends=True)
    return "".join(line for line in lines if not line.removeprefix("$ ").startswith(tuple(NOT_RUN)))


def shown(expected: object, given: object) -> bool:
    """Whether what a page shows of an output is in it; numbers with a point may differ, "…" is any rest."""
    if isinstance(expected, dict):
        return isinstance(given, dict) and all(
            name in given and shown(expected[name], given[name]) for name in expected
        )
    if isinstance(expected, list):
        if not isinstance(given, list) or len(expected) > len(given):
            return False
        return all(shown(each, found) for each, found in zip(expected, given, strict=False))
    if isinstance(expected, float):
        return isinstance(given, float | int)
    if isinstance(expected, str) and expected.endswith("…"):
        return isinstance(given, str) and given.startswith(expected.removesuffix("…").rstrip())
    return bool(expected == given)


def flat(text: str) -> str:
    return " ".join(NUMBER.sub("#", text).split())


def check_console(text: str, folder: Path, environment: dict[str, str]) -> None:
    """Run each line after a $ and look for the lines below it in what it prints."""
    for part in re.split(r"^\$ ", left(text), flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        told, at = flat(run(["bash", "-c", command], folder, environment)), 0
        for stretch in filter(None, map(str.strip, flat(expected).split("..."))):
            assert stretch in told[at:], told
            at = told.index(stretch, at) + len(stretch)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_runs_and_gives_what_the_page_shows(name: str, data: Path, address: str, tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    environment = {"WHEREFROM_DATA": str(data)}
    told = ""
    for kind, written, follows in blocks(ROOT / name):
        text = written.replace(HERE, address)
        if kind == "json":
            expected = json.loads(text)
            if follows and told:
                given, _ = json.JSONDecoder().raw_decode(told.strip())
                assert shown(expected, given), told
        elif kind == "console":
            check_console(text, tmp_path, environment)
        elif kind == "python":
            told = run([sys.executable, "-W", "ignore::ResourceWarning", "-c", text], tmp_path, environment)
        elif kind == "sh":
            told = run(["bash", "-euc", left(text)], tmp_path, environment)
        else:
            assert kind in READ_ONLY, f"what is a block of {kind}?"


def test_what_is_not_run_stands_somewhere() -> None:
    lines = [line.removeprefix("$ ") for page in PAGES for block in blocks(page) for line in block.text.splitlines()]
    assert [start for start in NOT_RUN if not any(line.startswith(start) for line in lines)] == []


def test_every_command_and_flag_that_a_page_names_is_there() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        code = re.findall(r"`([^`\n]+)`", BLOCK.sub("", page.read_text(encoding="utf-8")))
        for words in map(str.split, code):
            if words[0] == "wherefrom" and len(words) > 1 and not words[1].startswith("-"):
                assert words[1] in commands, (page, words)
                flags = {"--help"} | {
                    flag for each in commands[words[1]].params for flag in (*each.opts, *each.secondary_opts)
                }
                named = {word.strip("[]") for word in words if word.startswith(("-", "[-")) and len(word) > 1}
                assert named <= flags, (page, words)
            if words[0] == "make" and len(words) > 1:
                assert words[1] in targets, (page, words)


def test_the_comparison_can_fail() -> None:
    given = {"a": [{"text": "one two", "at": 3, "share": 0.7}], "b": None}
    assert shown({"a": [{"text": "one …", "at": 3, "share": 0.2}]}, given)
    wrongs: list[object] = [{"a": [{"at": 4}]}, {"a": [{"text": "two …"}]}, {"c": None}, {"a": [{}, {}]}, {"b": 0.5}]
    assert not any(shown(wrong, given) for wrong in wrongs)
