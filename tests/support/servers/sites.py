"""A small web site on this machine that records its requests."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """A response of the site: status, headers and body; `drip` is the pause in seconds between bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: Headers = field(default_factory=dict)
    drip: float = 0.0


@dataclass
class Site:
    """The site's responses by path, and the paths and headers of the requests so far.

    `first_answers` are responses to the first requests for a path, one each.
    """

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    first_answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    request_headers: list[Mapping[str, str]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def add(self, path: str, body: str | bytes, media_type: str = "text/html", **options: object) -> str:
        raw = body if isinstance(body, bytes) else body.encode()
        self.answers[path] = Answer(raw, headers={"Content-Type": media_type}, **options)  # type: ignore[arg-type]
        return self.url(path)


@contextmanager
def site() -> Iterator[Site]:
    """Serve a site while the context is open; it responds with 404 to paths without an answer."""
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            served.request_headers.append(dict(self.headers.items()))
            first = served.first_answers.get(self.path)
            answer = first.pop(0) if first else served.answers.get(self.path, Answer(status=404))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            try:
                if not answer.drip:
                    self.wfile.write(answer.body)
                    return
                for byte in answer.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(answer.drip)
            except OSError:
                pass  # the client has closed the connection

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
