import sys
from pathlib import Path

import pytest

from wherefrom.eval.benchmarks.service_process import Load, Service, parse, started
from wherefrom.eval.datasets.jsonl import EvalDataError

TOLD = """\
Running 5s test @ http://127.0.0.1:18401
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    40.86ms   10.20ms 120.11ms   80.00%
    Req/Sec   777.00     55.00     0.91k    70.00%
  Latency Distribution
     50%   38.50ms
     75%   41.00ms
     90%  850.00us
     99%    1.25s
  3885 requests in 5.00s, 40.00MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 4
Requests/sec:    776.95
Transfer/sec:      8.00MB
"""
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


def test_what_wrk_prints_is_read_in_milliseconds() -> None:
    assert parse(TOLD) == Load(p50=38.5, p99=1250.0, rate=776.95, errors=7)


def test_a_service_is_up_while_it_is_measured_and_down_afterwards(tmp_path: Path) -> None:
    with started(service(sys.executable, "-c", SERVER, "18499"), tmp_path / "log") as up:
        assert up.seconds > 0
        assert up.resident_mb() > 1
    assert not Path(f"/proc/{up.pid}").exists()


def test_a_service_that_does_not_start_is_refused_with_what_it_said(tmp_path: Path) -> None:
    broken = service(sys.executable, "-c", "raise SystemExit('no such port')")
    with pytest.raises(EvalDataError, match="a service did not start: no such port"), started(broken, tmp_path / "log"):
        pass
