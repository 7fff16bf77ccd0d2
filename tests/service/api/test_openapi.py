"""Requests generated from the API description get no response that it does not declare, and no 5xx.

Valid ones are accepted, invalid ones refused, and the links between operations are followed.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx2

from tests.support.paths import ROOT
from tests.support.servers.word_server import word_server

KEY = "the-key-of-the-test"
AUTHORIZATION = {"Authorization": f"Bearer {KEY}"}
STORY = "The bakery on Mill Street sold its last loaf on Friday, after ninety years, its owner said on Monday."
EXAMPLES = 10
REPLACED = "positive_data_acceptance,negative_data_rejection"
"""Checks that the hooks have under other names, with the one exception that they document."""
HOOKS = "tests.support.servers.schemathesis_hooks"
MIN_LINKS_COVERED = 3


def test_generated_requests_get_only_declared_responses(tmp_path: Path) -> None:
    options = {
        "--header": f"Authorization: {AUTHORIZATION['Authorization']}",
        "--phases": "examples,coverage,fuzzing,stateful",
        "--max-examples": str(EXAMPLES),
        "--exclude-checks": REPLACED,
        "--seed": "1",
    }
    with word_server(tmp_path / "data", WHEREFROM_API_KEYS=KEY) as served:
        # The links from a list lead somewhere only if it is not empty.
        for name in ("bakery", "mill"):
            answer = httpx2.put(f"{served.url}/v1/documents/{name}", json={"text": STORY}, headers=AUTHORIZATION)
            answer.raise_for_status()
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{served.url}/openapi.json", "--no-color"]
        command += [each for option in options.items() for each in option]
        environment = os.environ | {
            "SCHEMATHESIS_HOOKS": "tests.support.servers.schemathesis_hooks",
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
    assert done.returncode == 0, done.stdout
    selected, tested = re.search(r"Selected: (\d+)/\d+\s+Tested: (\d+)", done.stdout, re.DOTALL).groups()  # type: ignore[union-attr]
    assert selected == tested
    links = re.search(r"API Links:\s+(\d+) covered", done.stdout)
    assert links is not None
    assert int(links[1]) >= MIN_LINKS_COVERED
    assert "Traceback" not in "".join(served.lines)
