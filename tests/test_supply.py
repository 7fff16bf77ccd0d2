"""Everything that is installed is pinned, and what an audit found is told."""

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.paths import ROOT

FIXED = {"id": "ADVISORY-1", "fix_versions": ["2.0"], "aliases": [], "description": ""}


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pins}


def needed(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> set[str]:
    """The names of everything that a distribution needs here, its needs' needs too."""
    if (name, extras) in seen:
        return set()
    seen.add((name, extras))
    found = {name}
    for line in distribution(name).requires or ():
        wanted = Requirement(line)
        environments = [{"extra": extra} for extra in extras or {""}]
        if wanted.marker is None or any(map(wanted.marker.evaluate, environments)):
            found |= needed(canonicalize_name(wanted.name), frozenset(wanted.extras), seen)
    return found


def test_every_dependency_is_installed_as_it_is_pinned() -> None:
    pins = pinned()
    for name in needed("wherefrom", frozenset({"dev"}), set()) - {"wherefrom", "setuptools"}:
        assert name in pins, f"{name} is not pinned"
        try:
            assert distribution(name).version.partition("+")[0] == pins[name], name
        except PackageNotFoundError:
            pytest.fail(f"{name} is pinned and not installed")


def test_the_tools_of_supply_are_pinned() -> None:
    lines = (ROOT / ".ci" / "supply.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert {"cyclonedx-bom", "pip_audit"} <= {line.split("==")[0] for line in lines}


def told(report: str) -> tuple[int, str]:
    command = [sys.executable, str(ROOT / ".ci" / "audit.py")]
    done = subprocess.run(command, input=report, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def report(*dependencies: dict[str, object]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_a_known_vulnerability_fails_the_audit() -> None:
    code, text = told(
        report({"name": "a", "version": "1.0", "vulns": [FIXED]}, {"name": "b", "version": "1", "vulns": []})
    )
    assert code == 1
    assert text == "a 1.0: ADVISORY-1, fixed in: 2.0\n2 dependencies audited, 1 known vulnerabilities\n"


@pytest.mark.parametrize("nothing", ["", report(), report({"name": "a", "skip_reason": "not found"})])
def test_an_audit_that_reached_nobody_says_so(nothing: str) -> None:
    code, text = told(nothing)
    assert code == 0
    assert "AUDIT SKIPPED" in text


def test_what_could_not_be_audited_is_named() -> None:
    code, text = told(report({"name": "a", "version": "1.0", "vulns": []}, {"name": "b", "skip_reason": "not found"}))
    assert code == 0
    assert "NOT AUDITED, unknown to the database: b" in text
