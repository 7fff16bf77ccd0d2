"""Everything that is installed is pinned, and the results of an audit are reported."""

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


def dependencies(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> set[str]:
    """Return the names of all direct and indirect dependencies of a distribution on this platform."""
    if (name, extras) in seen:
        return set()
    seen.add((name, extras))
    names = {name}
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        environments = [{"extra": extra} for extra in extras or {""}]
        if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
            names |= dependencies(canonicalize_name(requirement.name), frozenset(requirement.extras), seen)
    return names


def test_every_dependency_is_installed_as_it_is_pinned() -> None:
    pins = pinned()
    for name in dependencies("wherefrom", frozenset({"dev"}), set()) - {"wherefrom", "setuptools"}:
        assert name in pins, f"{name} is not pinned"
        try:
            assert distribution(name).version.partition("+")[0] == pins[name], name
        except PackageNotFoundError:
            pytest.fail(f"{name} is pinned and not installed")


def test_the_audit_tools_are_pinned() -> None:
    lines = (ROOT / ".ci" / "supply.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert {"cyclonedx-bom", "pip_audit"} <= {line.split("==")[0] for line in lines}


def run_audit(report: str) -> tuple[int, str]:
    command = [sys.executable, str(ROOT / ".ci" / "audit.py")]
    done = subprocess.run(command, input=report, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def report(*entries: dict[str, object]) -> str:
    return json.dumps({"dependencies": entries, "fixes": []})


def test_a_known_vulnerability_fails_the_audit() -> None:
    code, text = run_audit(
        report({"name": "a", "version": "1.0", "vulns": [FIXED]}, {"name": "b", "version": "1", "vulns": []})
    )
    assert code == 1
    assert text == "a 1.0: ADVISORY-1, fixed in: 2.0\n2 dependencies audited, 1 known vulnerabilities\n"


@pytest.mark.parametrize("empty", ["", report(), report({"name": "a", "skip_reason": "not found"})])
def test_an_audit_without_a_database_reports_that_it_was_skipped(empty: str) -> None:
    code, text = run_audit(empty)
    assert code == 0
    assert "AUDIT SKIPPED" in text


def test_dependencies_that_could_not_be_audited_are_named() -> None:
    code, text = run_audit(
        report({"name": "a", "version": "1.0", "vulns": []}, {"name": "b", "skip_reason": "not found"})
    )
    assert code == 0
    assert "NOT AUDITED, unknown to the database: b" in text
