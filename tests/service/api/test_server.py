import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from tests.support.library_samples import FIRST, QUESTION
from tests.support.paths import ROOT, SEEDS
from tests.support.servers.word_server import word_server
from wherefrom.service.api.server import AddressUnavailable, bind

SLOW = """
import sys, time
from pathlib import Path
from wherefrom.service.api.server import serve
from wherefrom.service.settings import Settings
from tests.support.library_samples import WordEmbedder, seeds_library

class Slow(WordEmbedder):
    def encode(self, texts):
        if texts == ["slow"]:
            print("working", file=sys.stderr, flush=True)
            time.sleep({seconds})
        return super().encode(texts)

settings = Settings(port=0, shutdown_seconds={patience})
serve(settings, lambda: seeds_library(Path(sys.argv[1]), embedder=Slow()))
"""
OPENING = """
import sys, time
from pathlib import Path
from wherefrom.index.errors import IndexMismatch
from wherefrom.service.api.server import serve
from wherefrom.service.runtime.opening import Opening
from wherefrom.service.settings import Settings
from tests.support.library_samples import seeds_library

opening = Opening()

def opened():
    opening.report("Preparing the language model (first run only)")
    sys.stdin.readline()
    if sys.argv[2] == "fails":
        raise IndexMismatch("run this")
    return seeds_library(Path(sys.argv[1]))

try:
    serve(Settings(port=0), opened, opening=opening)
except IndexMismatch as error:
    print(f"failed: {error}", file=sys.stderr)
    sys.exit(1)
"""
COMMAND = """
import sys
from wherefrom.service import bootstrap
from tests.support.library_samples import WordEmbedder

bootstrap.load_embedder = lambda *_, **__: WordEmbedder()
from wherefrom.service.cli.main import main
main(sys.argv[1:])
"""


@contextmanager
def started(*command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server process and its address."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "WHEREFROM_PORT": "0"}
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process, line_with(process, r"Serving on (http://\S+)")
    finally:
        process.kill()
        process.communicate()


def line_with(process: subprocess.Popen[str], pattern: str) -> str:
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        seen.append(line)
        if found := re.search(pattern, line):
            return found[found.lastindex or 0]
    raise AssertionError("".join(seen))


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_that_runs_at_shutdown_is_answered(tmp_path: Path, end: signal.Signals) -> None:
    answers: list[httpx2.Response] = []
    handling = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"  # the tests may run under nohup
    with started("-c", handling + SLOW.format(seconds=1, patience=8), str(tmp_path)) as (process, url):
        asking = Thread(target=lambda: answers.append(httpx2.get(f"{url}/v1/ask?q=slow", timeout=20)))
        asking.start()
        line_with(process, "working")
        process.send_signal(end)
        asking.join()
        assert process.wait(timeout=10) == 0
    assert [answer.status_code for answer in answers] == [200]


def test_a_request_that_outlasts_the_time_for_shutdown_is_to_be_sent_again(tmp_path: Path) -> None:
    answers: list[httpx2.Response] = []
    with started("-c", SLOW.format(seconds=5, patience=1), str(tmp_path)) as (process, url):
        asking = Thread(target=lambda: answers.append(httpx2.get(f"{url}/v1/ask?q=slow", timeout=20)))
        asking.start()
        line_with(process, "working")
        process.send_signal(signal.SIGTERM)
        asking.join()
        assert process.wait(timeout=10) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    (answer,) = answers
    assert (answer.status_code, answer.headers["connection"]) == (503, "close")
    assert answer.json()["detail"] == "the service ends before the answer is ready; send the request again"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_terminal_that_closes_does_not_end_a_server_under_nohup(tmp_path: Path) -> None:
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    with started("-c", ignoring + SLOW.format(seconds=0, patience=8), str(tmp_path)) as (process, url):
        process.send_signal(signal.SIGHUP)
        assert [httpx2.get(f"{url}/v1/ask?q=slow", timeout=20).status_code for _ in range(3)] == [200, 200, 200]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_server_logs_once_who_may_read_and_who_may_write(tmp_path: Path) -> None:
    with word_server(tmp_path, WHEREFROM_READ_KEYS="robot:0123456789abcdef") as served:
        lines = [line for line in served.lines if "Reading: " in line]
    assert len(lines) == 1
    assert (
        lines[0]
        .rstrip()
        .endswith(
            "Reading: whoever has the API key. Writing: nobody (set WHEREFROM_API_KEYS or WHEREFROM_API_KEYS_FILE)"
        )
    )
    assert "robot" not in lines[0]


def test_a_change_in_http_1_0_is_refused_without_a_key_and_a_question_is_answered(tmp_path: Path) -> None:
    """An nginx with `proxy_pass` alone sends no header that names it, but speaks HTTP/1.0."""
    with word_server(tmp_path) as served:
        host = served.url.removeprefix("http://")
        for request, status in (
            (f"DELETE /v1/documents/none HTTP/1.0\r\nHost: {host}\r\n", b"403"),
            (f"DELETE /v1/documents/none HTTP/1.1\r\nHost: {host}\r\n", b"404"),
            (f"GET /v1/index HTTP/1.0\r\nHost: {host}\r\n", b"200"),
        ):
            name, _, port = host.partition(":")
            with socket.create_connection((name, int(port)), timeout=10) as connection:
                connection.sendall(f"{request}Connection: close\r\n\r\n".encode())
                assert connection.recv(1_000).split()[1] == status


def test_a_request_that_outlasts_the_shutdown_time_is_abandoned(tmp_path: Path) -> None:
    answers: list[httpx2.Response] = []
    with started("-c", SLOW.format(seconds=15, patience=1), str(tmp_path)) as (process, url):
        asking = Thread(target=lambda: answers.append(httpx2.get(f"{url}/v1/ask?q=slow", timeout=20)))
        asking.start()
        line_with(process, "working")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=8) == 0
        asking.join()
    assert [answer.status_code for answer in answers] == [503]


def test_a_request_whose_body_has_not_come_at_shutdown_is_to_be_sent_again(tmp_path: Path) -> None:
    with word_server(tmp_path, WHEREFROM_SHUTDOWN_SECONDS="1") as served:
        host, _, port = served.url.removeprefix("http://").partition(":")
        head = (
            f"PUT /v1/documents/half HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\n"
        )
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(f"{head}half".encode())
            httpx2.get(f"{served.url}/livez")  # answered after the head before it has been read
            served.process.send_signal(signal.SIGTERM)
            response = connection.makefile("rb").read()
        assert served.process.wait(timeout=10) == 0
    assert response.startswith(b"HTTP/1.1 503 ")
    assert b"send it again" in response
    assert not [line for line in served.lines if "Traceback" in line]


def test_the_command_serves_the_seeds_with_the_real_model_and_without_pytorch(tmp_path: Path) -> None:
    data = str(tmp_path)
    index = [sys.executable, "-m", "wherefrom.service.cli.main", "index", str(SEEDS), "--data", data]
    subprocess.run(index, cwd=ROOT, env=os.environ | {"HF_HUB_OFFLINE": "1"}, check=True)
    with started("-m", "wherefrom.service.cli.main", "serve", "--data", data) as (process, url):
        assert httpx2.get(f"{url}/readyz").json() == {"status": "ready"}
        answer = httpx2.get(f"{url}/v1/ask", params={"q": QUESTION}).json()
        loaded = Path(f"/proc/{process.pid}/maps")
        if loaded.exists():
            assert "openvino" in loaded.read_text()
            assert "torch" not in loaded.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert answer["status"] == "answered"
    assert (answer["passages"][0]["citation"]["document_id"], answer["index"]["passages"]) == (FIRST, 68)
    assert "X-band radar" in answer["answer"]["text"]


def failed(*arguments: str) -> str:
    """Return the standard error of a server that cannot start."""
    command = [sys.executable, "-c", COMMAND, "serve", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    return done.stderr


def test_an_index_that_cannot_be_opened_is_one_line_of_error(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"no database" * 1000)
    stderr = failed("--data", str(tmp_path), "--port", "0")
    assert "\nwherefrom: " in stderr
    assert "Traceback" not in stderr


def test_a_port_that_is_in_use_is_one_line_of_error(tmp_path: Path) -> None:
    with bind("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        stderr = failed("--data", str(tmp_path), "--port", str(port))
    assert stderr == f"wherefrom: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_a_port_that_is_in_use_is_named() -> None:
    with bind("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AddressUnavailable, match=f"cannot listen on 127.0.0.1:{port}: Address already in use"):
            bind("127.0.0.1", port)


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(AddressUnavailable, match=r"cannot listen on 192\.0\.2\.1:0"):
        bind("192.0.2.1", 0)


def test_a_bound_port_refuses_connections_until_it_is_served() -> None:
    with bind("127.0.0.1", 0) as bound, pytest.raises(ConnectionRefusedError):
        socket.create_connection(bound.getsockname())


@contextmanager
def opening_server(data: Path, outcome: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server that opens its library when a line is written to its standard input, and its address."""
    command = [sys.executable, "-c", OPENING, str(data), outcome]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, line_with(process, r"Listening on (http://[^\s;]+)")
        finally:
            process.kill()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_the_port_opens_at_once_and_says_why_no_question_is_answered_yet(tmp_path: Path) -> None:
    with opening_server(tmp_path, "opens") as (process, url):
        assert httpx2.get(f"{url}/livez").status_code == 200
        assert httpx2.get(url).headers["content-type"].startswith("text/html")
        for path in ("/readyz", "/v1/ask?q=x", "/v1/documents", "/metrics"):
            response = httpx2.get(f"{url}{path}")
            assert (response.status_code, response.json()["type"].rpartition(":")[2]) == (503, "not-ready"), path
        assert httpx2.get(f"{url}/readyz").json()["detail"] == "Preparing the language model (first run only)"
        tell(process)
        line_with(process, "Serving on")
        assert httpx2.get(f"{url}/readyz").status_code == 200
        assert httpx2.get(f"{url}/v1/ask", params={"q": QUESTION}).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_a_server_whose_library_cannot_be_opened_ends_with_the_reason(tmp_path: Path) -> None:
    with opening_server(tmp_path, "fails") as (process, _):
        tell(process)
        assert line_with(process, "failed: (.*)") == "run this"
        assert process.wait(timeout=20) == 1


def test_a_server_can_be_ended_before_it_is_ready(tmp_path: Path) -> None:
    with opening_server(tmp_path, "opens") as (process, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_one_command_leads_from_a_folder_to_a_page(tmp_path: Path) -> None:
    command = ("-c", COMMAND, "serve", str(SEEDS), "--data", str(tmp_path / "var"))
    for change in ("5 added", "5 unchanged"):
        with started_reading(*command) as (process, read, url):
            assert change in read
            assert httpx2.get(f"{url}/v1/index").json()["documents"] == 5
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


@contextmanager
def started_reading(*command: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A running server process, the line that says what it read, and its address."""
    environment = os.environ | {"WHEREFROM_PORT": "0"}
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        read = line_with(process, r"Read .*: (.*)")
        yield process, read, line_with(process, r"Serving on (http://\S+)")
    finally:
        process.kill()
        process.communicate()
