"""Parts of a cluster that are killed at random under load; five minutes of it with the command of docs/cluster.md."""

import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from tests.support.fault_injection.run import Plan, run


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.usefixtures("cluster_servers")  # skips without the packages
def test_killed_parts_of_a_cluster_lose_nothing_and_leave_nothing_half_done(tmp_path: Path) -> None:
    figures = run(Plan(seconds=20, kills=6, seed=20160202), tmp_path)
    sys.stdout.write(json.dumps(figures, indent=2))
    assert figures["wrong"] == {}, figures["examples"]
    assert figures["kills"] == 6
    assert figures["requests"]["changes acknowledged"]
    assert figures["requests"]["ask: 200"]
