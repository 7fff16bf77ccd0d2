"""The README's tree is the tree. Its answer is held to by `test_answers`."""

import re

from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINE = re.compile(r"( *)([\w.]+/?)\s{2,}\S")


def listed() -> set[str]:
    """The paths of the README's tree, folders with a slash at the end."""
    (block,) = [block for block in README.split("```") if "index/  " in block]
    paths, folders = set(), {0: ""}
    for line in block.strip("\n").splitlines():
        found = LINE.match(line)
        assert found, line
        depth, name = len(found[1]), found[2]
        path = folders[depth] + name
        paths.add(path)
        if name.endswith("/"):
            folders[depth + 2] = path
    return paths


def test_every_path_of_the_tree_exists() -> None:
    assert [path for path in listed() if not (ROOT / path).exists()] == []


def test_every_module_stands_in_the_tree() -> None:
    modules = {
        path.relative_to(ROOT).as_posix()
        for folder in ("index", "service", "eval")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "__init__.py"
    }
    assert modules - listed() == set()


def test_every_test_of_a_module_is_named_after_one() -> None:
    modules = {path.stem for folder in ("index", "service", "eval") for path in (ROOT / folder).rglob("*.py")}
    beside = {
        "browser",
        "browser_collection",
        "documentation",
        "crash",
        "crash_server",
        "readme",
        "hostile",
        "openapi",
        "soak",
        "supply",
    }
    tested = {path.stem.removeprefix("test_").removeprefix("eval_") for path in (ROOT / "tests").glob("test_*.py")}
    assert tested - modules - beside == set()
