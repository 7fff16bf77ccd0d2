"""`docs/architecture.md` names the folders that exist, tests mirror the packages, and all checks run the same way."""

import re

from tests.support.paths import ROOT

PACKAGES = ("index", "service", "eval")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TREE_LINE = re.compile(r"( *)([\w.]+/) {2,}\S")
TESTS_WITHOUT_A_MODULE = {
    "tests/service/schemas/test_context.py",
    "tests/index/answering/test_follow_up_answers.py",
    "tests/index/answering/test_printed_questions.py",
    "tests/index/conformance/test_changes.py",
    "tests/index/conformance/test_citations.py",
    "tests/index/conformance/test_lists.py",
    "tests/index/conformance/test_questions.py",
    "tests/index/test_crash.py",
    "tests/index/test_histories.py",
    "tests/service/api/routes/test_extracted_documents.py",
    "tests/service/cli/test_cluster_commands.py",
    "tests/index/test_office_documents.py",
    "tests/service/api/routes/test_reading.py",
    "tests/service/api/test_generated_clients.py",
    "tests/service/api/test_openapi_description.py",
    "tests/service/cli/test_imports.py",
    "tests/service/page/test_browser.py",
    "tests/service/page/test_browser_behind_proxy.py",
    "tests/service/page/test_browser_collection.py",
    "tests/service/page/test_browser_follow_ups.py",
    "tests/service/page/test_browser_large_collection.py",
    "tests/service/page/test_browser_office.py",
    "tests/service/page/test_browser_pdf.py",
    "tests/service/page/test_browser_quotes.py",
    "tests/service/page/test_browser_start.py",
    "tests/service/page/test_browser_reading.py",
    "tests/service/page/test_browser_written.py",
    "tests/service/test_orders_in_articles.py",
    "tests/service/test_cluster_kills.py",
    "tests/service/test_cluster_outages.py",
    "tests/service/test_crash_server.py",
    "tests/service/test_hostile.py",
    "tests/service/test_slow_sources.py",
    "tests/service/test_soak.py",
}
"""Tests of more than one module, such as a whole service or the page, or of some of a module's routes."""
UNLAYERED = {"__init__"}
"""Modules that are in no layer."""
MAX_MODULES = 16
"""The most modules of one folder: as many as a reader takes in at a glance."""


def listed_folders() -> set[str]:
    """Return the folders of the tree in `docs/architecture.md`, relative to the repository root."""
    (tree,) = [block for block in ARCHITECTURE.split("```") if "index/  " in block]
    folders: set[str] = set()
    parents = {0: ""}
    for line in tree.strip("\n").splitlines():
        match = TREE_LINE.match(line)
        assert match, f"not a line of the tree: {line!r}"
        depth, name = len(match[1]), match[2]
        path = parents[depth] + name
        folders.add(path.rstrip("/"))
        parents[depth + 2] = path
    return folders


def package_folders() -> set[str]:
    """Return the folders of all packages, relative to the repository root."""
    inits = (path for package in PACKAGES for path in (ROOT / package).rglob("__init__.py"))
    return {path.parent.relative_to(ROOT).as_posix() for path in inits}


def test_every_package_is_in_the_tree() -> None:
    assert package_folders() - listed_folders() == set()


def test_every_folder_of_the_tree_exists() -> None:
    assert {folder for folder in listed_folders() if not (ROOT / folder).is_dir()} == set()


def test_no_folder_holds_more_than_16_modules() -> None:
    folders = {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    modules = {folder: len(set(folder.glob("*.py")) - {folder / "__init__.py"}) for folder in folders}
    assert {folder for folder, count in modules.items() if count > MAX_MODULES} == set()


def test_the_layers_are_the_subpackages_and_modules() -> None:
    """The boxes of the layer diagram name all subpackages and modules of `index`, `service` and `eval`."""
    (picture,) = [block for block in ARCHITECTURE.split("```") if "┌" in block]
    rows = [cell.strip().split("  ")[0] for line in picture.splitlines() for cell in line.split("│")[1:-1]]
    layers = {name.strip() for row in rows if row for name in row.split("|")}
    existing = {
        path.stem
        for package in PACKAGES
        for path in (ROOT / package).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert layers == existing - UNLAYERED


def test_every_test_is_named_after_a_module() -> None:
    modules = {path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    unmatched = set()
    for package in PACKAGES:
        for path in (ROOT / "tests" / package).rglob("test_*.py"):
            module = path.relative_to(ROOT / "tests").with_name(path.name.removeprefix("test_")).as_posix()
            if module not in modules:
                unmatched.add(path.relative_to(ROOT).as_posix())
    assert unmatched - TESTS_WITHOUT_A_MODULE == set()


def test_the_hooks_run_the_commands_of_make_check() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"^check:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    commands = {command.removesuffix(" .") for command in re.findall(r"^\t\$\(BIN\)/(.*)$", recipe, re.MULTILINE)}
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = set(re.findall(r"^ +entry: \.venv/bin/(.*)$", hooks, re.MULTILINE))
    assert entries == commands - {"wherefrom-eval --gate"}


def test_the_workflow_runs_make_check() -> None:
    workflow = ROOT / ".github" / "workflows" / "check.yml"
    assert "make check PYTHON=python${{ matrix.python }}" in workflow.read_text(encoding="utf-8")
