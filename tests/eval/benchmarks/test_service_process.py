import sys
from pathlib import Path

import pytest

from wherefrom.eval.benchmarks.service_process import Service, running_service
from wherefrom.eval.datasets.jsonl import EvalDataError

SERVER = """
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


def service(*command: str) -> Service:
    return Service(
        name="a service", command=command, environment={}, url="http://127.0.0.1:18499", ready="/readyz", ask="/ask?q="
    )


def test_a_service_runs_until_the_context_exits(tmp_path: Path) -> None:
    with running_service(service(sys.executable, "-c", SERVER, "18499"), tmp_path / "log") as running:
        assert running.seconds > 0
        assert running.resident_mb() > 1
    assert not Path(f"/proc/{running.pid}").exists()


def test_a_service_that_does_not_start_is_an_error_with_its_output(tmp_path: Path) -> None:
    broken = service(sys.executable, "-c", "raise SystemExit('no such port')")
    with (
        pytest.raises(EvalDataError, match="a service did not start: no such port"),
        running_service(broken, tmp_path / "log"),
    ):
        pass
