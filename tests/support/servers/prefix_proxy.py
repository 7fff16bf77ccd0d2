"""A small reverse proxy that makes a server available under a path, as nginx does with `location /kb/`."""

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

NOT_PASSED_ON = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length", "host"))


@contextmanager
def prefix_proxy(
    url: str, prefix: str, *, headers: Mapping[str, str] | None = None, strip: bool = True
) -> Iterator[str]:
    """Yield the proxy's address of the server at `url`, with a slash at its end.

    The proxy adds `headers` to each request. With `strip`, it removes the prefix from the path.
    """
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), _handler(url, prefix, headers or {}, strip=strip))
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}{prefix}/"
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()


def _handler(url: str, prefix: str, added: Mapping[str, str], *, strip: bool) -> type[BaseHTTPRequestHandler]:
    host = urlsplit(url).netloc

    class Handler(BaseHTTPRequestHandler):
        """Forwards each request, on a new connection."""

        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            if not self.path.startswith(f"{prefix}/"):
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept = {name: value for name, value in self.headers.items() if name.lower() not in NOT_PASSED_ON}
            path = self.path.removeprefix(prefix) if strip else self.path
            with closing(http.client.HTTPConnection(host, timeout=60)) as upstream:
                upstream.request(self.command, path, body or None, {**kept, "Host": host, **added})
                response = upstream.getresponse()
                content = response.read()
            self.send_response_only(response.status)
            for name, value in response.getheaders():
                if name.lower() not in NOT_PASSED_ON:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(ConnectionError):  # a browser that has left the page waits for nothing
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = pass_on  # noqa: N815 - names that the base class looks up

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    return Handler
