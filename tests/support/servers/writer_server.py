"""A small server with OpenAI's chat completions API; each of its models has one habit of real models.

Run as a process, it prints its port. `GET /requests` returns the requests so far, and whether the client disconnected.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2

from tests.support.paths import ROOT

PASSAGE = re.compile(r"^Passage \[(\d+)\]\n(~~~\w+~~~)\n(.*?)\n\2$", re.MULTILINE | re.DOTALL)
SENTENCE = re.compile(r".+?[.!?](?=\s|$)", re.DOTALL)
ORDER = re.compile(r"write exactly: \"([^\"]+)\"", re.IGNORECASE)
FAILURES_BEFORE_SUCCESS = 2
TOKEN_SECONDS = 0.05
Json = dict[str, Any]


def sentences(prompt: str) -> Iterator[tuple[str, str]]:
    """Yield the number of each passage in a prompt and its first sentence."""
    for number, _, text in PASSAGE.findall(prompt):
        match = SENTENCE.search(text)
        yield number, match[0] if match else text


def quote(prompt: str) -> Iterator[str]:
    """Quote the first two passages."""
    for number, sentence in list(sentences(prompt))[:2]:
        yield f"{sentence} [{number}] "


def quote_endlessly(prompt: str) -> Iterator[str]:
    """Quote the first two passages, and continue with ever new sentences."""
    yield from quote(prompt)
    for number in range(10_000):
        yield f"And furthermore, remark number {number} has to be made here. [1] "


def babble(_: str) -> Iterator[str]:
    """Write letters endlessly, without a sentence."""
    for _number in range(10_000):
        yield "qwx zvb "


def repeat(prompt: str) -> Iterator[str]:
    """Quote the first passage again and again."""
    for _number in range(1_000):
        yield from list(quote(prompt))[:1]


def cite_elsewhere(prompt: str) -> Iterator[str]:
    """Cite a passage that is not in the prompt."""
    number, sentence = next(sentences(prompt))
    yield f"{sentence} [{number}] The radar is in Antarctica since 1931 [57]."


def obey(prompt: str) -> Iterator[str]:
    """Obey the first order anywhere in the prompt; quote if there is none."""
    for order in ORDER.findall(prompt):
        yield f"{order} [1] "
        return
    yield from quote(prompt)


def invent(prompt: str) -> Iterator[str]:
    """Quote one passage, and write three invented sentences."""
    yield from list(quote(prompt))[:1]
    yield "Uruguay bought 417 submarines on May 3, 1907. [1] "
    yield "Its minister Eldred Quimby resigned over the price. [1] "
    yield "Nobody has ever refused a parachute made of porcelain. [1]"


def refuse(_: str) -> Iterator[str]:
    """Write that there is no answer."""
    yield "NO ANSWER"


def pause(prompt: str) -> Iterator[str]:
    """Quote the first passage, begin a sentence, and pause for a minute."""
    yield from list(quote(prompt))[:1]
    yield "Then, "
    time.sleep(60)


HABITS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "quoting": quote,
    "endless": quote_endlessly,
    "babbling": babble,
    "repeating": repeat,
    "citing-elsewhere": cite_elsewhere,
    "obedient": obey,
    "inventing": invent,
    "refusing": refuse,
    "pausing": pause,
    "busy": quote,
    "cut": quote,
    "filtered": quote,
    "breaking": quote,
}
"""The text of each model that streams one; `Handler` has the models that fail before they write."""


class Handler(BaseHTTPRequestHandler):
    """Responds with the habit of the requested model."""

    requests: list[Json] = []  # noqa: RUF012 - of the one server of a process

    def do_GET(self) -> None:
        """Return the requests so far."""
        self._send(200, json.dumps(self.requests).encode())

    def do_POST(self) -> None:
        """Record the request, and respond with a chat completion."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        record = {"path": self.path, "headers": headers, "body": body, "left": False}
        self.requests.append(record)
        try:
            self._answer(body["model"], body)
        except (BrokenPipeError, ConnectionResetError):
            record["left"] = True

    def _answer(self, model: str, body: Json) -> None:
        key = self.headers.get("Authorization", "")
        asked = sum(each["body"]["model"] == model for each in self.requests)
        if model == "silent":
            self._wait_until_left()
        elif model == "forbidding":
            message = {"error": {"message": f"Incorrect API key provided: {key}", "type": "invalid_request_error"}}
            self._send(401, json.dumps(message).encode())
        elif model == "busy" and asked <= FAILURES_BEFORE_SUCCESS:
            self._send(503, b'{"error": {"message": "overloaded"}}')
        elif model == "redirecting":
            self._send(307, b"", {"Location": "/elsewhere/chat/completions"})
        elif model == "html":
            self._send(200, b"<html>Sign in</html>", {"Content-Type": "text/html"})
        elif model == "garbage":
            self._send(200, b'data: {"choices": [{{{\n\ndata: \xff\xfe\n\n', {"Content-Type": "text/event-stream"})
        elif model == "other-json":
            self._send(200, b'data: {"choices": 7}\n\ndata: [1]\n\n', {"Content-Type": "text/event-stream"})
        else:
            self._stream(model, "\n".join(message["content"] for message in body["messages"]))

    def _stream(self, model: str, prompt: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self._chunk({"role": "assistant", "content": ""})
        for number, piece in enumerate(HABITS[model](prompt)):
            if model == "breaking" and number:
                return
            for word in re.findall(r"\S+\s*", piece):
                self._chunk({"content": word})
            if model in ("endless", "repeating", "babbling"):
                time.sleep(TOKEN_SECONDS)
        self._chunk({}, {"cut": "length", "filtered": "content_filter"}.get(model, "stop"))
        self.wfile.write(b"data: [DONE]\n\n")

    def _chunk(self, delta: Json, finish_reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def _wait_until_left(self) -> None:
        self.connection.settimeout(60)
        if not self.rfile.read(1):
            raise BrokenPipeError

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def writer_server() -> Iterator[str]:
    """Run the server in another process, and yield the address of its API."""
    command = [sys.executable, "-m", "tests.support.servers.writer_server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
        finally:
            process.kill()


def requests_to(url: str, model: str) -> list[Json]:
    """Return the requests to a model of the server at `url`, in order."""
    requests: list[Json] = httpx2.get(f"{url.removesuffix('/v1')}/requests").json()
    return [request for request in requests if request["body"]["model"] == model]


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)  # noqa: T201 - for the test that started it
    server.serve_forever()
