"""HTTP as httptools parses it: in C, where h11 spends a tenth of a request's time in Python."""

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.problems import http_problem, problem_response

MALFORMED = 400


class ProblemProtocol(HttpToolsProtocol):
    """Refuses what is no HTTP with a problem, as everything else is refused."""

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong and close the connection."""
        response = problem_response(http_problem(MALFORMED, msg, "/"), {"connection": "close"})
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + _lines(response) + b"\r\n" + bytes(response.body))
        self.transport.close()


def _lines(response: Response) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers)
