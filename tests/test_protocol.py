import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

from tests.word_server import word_server


def test_what_is_no_http_is_refused_with_a_problem(tmp_path: Path) -> None:
    with word_server(tmp_path / "data") as served:
        address = urlsplit(served.url)
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(b"GET /livez HTTP/1.1\r\nhost\x00: x\r\n\r\n")
            told = connection.makefile("rb").read()
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    assert json.loads(body)["detail"] == "Invalid HTTP request received."
