"""The dashboard and the alert rules: their metrics and labels exist, their PromQL parses, and the alerts fire."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.clients import local_client
from tests.support.documents import prose
from tests.support.library_samples import QUESTION, seeds_library
from tests.support.paths import ROOT
from wherefrom.service.error_mapping import PROBLEM_TYPES

FOLDER = ROOT / "docs" / "observability"
ALERTS = FOLDER / "alerts.yml"
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
SAMPLE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="')
SELECTOR = re.compile(r"\b((?:wherefrom|process)_\w+)(?:\{([^}]*)\})?")
GROUPING = re.compile(r"\b(?:by|on) \(([^)]*)\)")
OF_PROMETHEUS = {"job", "instance", "up"}
VARIABLES = {"$__rate_interval": "5m", "$__range": "6h"}


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        reason = "no promtool on this machine; Debian's package is `prometheus`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def exposition(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a service exposes that has answered, changed and refused something."""
    data = tmp_path_factory.mktemp("data")
    with local_client(lambda: seeds_library(data)) as client:
        client.get("/v1/ask", params={"q": QUESTION})
        client.put("/v1/documents/a", content=prose(1), headers={"content-type": "text/plain"})
        client.delete("/v1/documents/a")
        client.get("/v1/ask", params={"q": ""})
        return client.get("/metrics").text


@pytest.fixture(scope="module")
def labels(exposition: str) -> dict[str, set[str]]:
    """The labels of each sample that is exposed."""
    found: dict[str, set[str]] = {}
    for name, pairs in SAMPLE.findall(exposition):
        found.setdefault(name, set()).update(LABEL.findall(pairs))
    return found


def dashboard_expressions() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"]


def alert_expressions() -> Iterator[str]:
    text = ALERTS.read_text(encoding="utf-8")
    for match in re.finditer(r"^ +expr: (?:\|\n((?: {10}.*\n)+)|(.*)\n)", text, re.MULTILINE):
        yield match[1] or match[2]


EXPRESSIONS = [*dashboard_expressions(), *alert_expressions()]


def run(promtool: str, *arguments: str, stdin: str = "") -> str:
    done = subprocess.run([promtool, *arguments], input=stdin, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_metric_and_label_exists(labels: dict[str, set[str]]) -> None:
    assert len(EXPRESSIONS) >= 30
    for expression in EXPRESSIONS:
        used = SELECTOR.findall(expression)
        assert used or "up{" in expression, expression
        for name, selectors in used:
            assert name in labels, f"{name} is not exposed"
            assert set(re.findall(r"(\w+)=", selectors)) <= labels[name] | OF_PROMETHEUS, expression
        grouped = {label.strip() for group in GROUPING.findall(expression) for label in group.split(",")}
        known = set().union(*(labels[name] for name, _ in used))
        assert grouped <= known | OF_PROMETHEUS, expression


def test_every_metric_of_the_service_is_on_the_dashboard(labels: dict[str, set[str]]) -> None:
    shown = {name for expression in dashboard_expressions() for name, _ in SELECTOR.findall(expression)}
    base = re.compile(r"_(bucket|sum|count|total|created)$")
    exposed = {base.sub("", name) for name in labels if name.startswith("wherefrom_")}
    assert exposed == {base.sub("", name) for name in shown if name.startswith("wherefrom_")}


def test_values_in_selectors_are_values_that_the_service_counts(exposition: str) -> None:
    for name, label in (("problems_total", "type"), ("refusals_total", "reason"), ("writes_total", "outcome")):
        counted = set(re.findall(rf'^wherefrom_{name}\{{{label}="([^"]+)"', exposition, re.MULTILINE))
        for expression in EXPRESSIONS:
            for values in re.findall(rf'wherefrom_{name}\{{[^}}]*{label}=~?"([^"$]+)"', expression):
                assert set(values.split("|")) <= counted, expression


def test_every_expression_of_the_dashboard_parses(promtool: str, tmp_path: Path) -> None:
    rules = []
    for number, expression in enumerate(dashboard_expressions()):
        for name, value in VARIABLES.items():
            expression = expression.replace(name, value)  # noqa: PLW2901
        rules.append({"record": f"test:panel:{number}", "expr": expression})
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}), encoding="utf-8")
    assert f"{len(rules)} rules found" in run(promtool, "check", "rules", str(file))


def test_the_alert_rules_are_valid_and_fire_when_they_should(promtool: str) -> None:
    run(promtool, "check", "rules", "--lint=all", "--lint-fatal", str(ALERTS))
    run(promtool, "test", "rules", str(FOLDER / "alerts_test.yml"))


def test_the_alert_on_errors_counts_every_error_of_the_service_itself() -> None:
    counted = re.search(r'wherefrom_problems_total\{type=~"([^"]+)"', ALERTS.read_text(encoding="utf-8"))
    of_other_alerts = {"took-too-long", "overloaded", "index-locked", "storage-read-only"}
    failures = {type_.slug for type_ in PROBLEM_TYPES.values() if type_.status in {500, 503}}
    assert counted is not None
    assert set(counted[1].split("|")) == failures - of_other_alerts


def test_every_alert_is_tested_and_explained() -> None:
    named = set(re.findall(r"alert: (\w+)", ALERTS.read_text(encoding="utf-8")))
    tested = (FOLDER / "alerts_test.yml").read_text(encoding="utf-8")
    firing = set(re.findall(r"alertname: (\w+)\n\s+exp_alerts:\n\s+- exp_labels", tested))
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert named == firing == set(re.findall(r"^\| `(Wherefrom\w+)` \|", guide, re.MULTILINE))


def test_prometheus_reads_what_the_service_exposes(promtool: str, exposition: str) -> None:
    run(promtool, "check", "metrics", stdin=exposition)


def test_panels_do_not_overlap_and_have_a_description() -> None:
    cells: set[tuple[int, int]] = set()
    panels: list[dict[str, Any]] = DASHBOARD["panels"]
    for panel in panels:
        place = panel["gridPos"]
        own = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not own & cells, panel["title"]
        assert place["x"] + place["w"] <= 24
        assert panel["type"] == "row" or panel["description"]
        cells |= own
    assert len({panel["id"] for panel in panels}) == len(panels)
