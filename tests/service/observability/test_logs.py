import json
import subprocess
import sys

SCRIPT = """
import logging, logging.config, sys
from wherefrom.service.observability.logs import logging_config
from wherefrom.service.observability.logs import request_id

logging.config.dictConfig(logging_config("info", sys.argv[1]))
logging.getLogger("wherefrom.service.api.server").info("Opening %s", "var")
request_id.set("abc")
logging.getLogger("wherefrom.requests").info("GET", extra={"status": 200})
logging.getLogger("wherefrom.service.bootstrap").warning("refused %s", "a\\nERROR:\\x1b[31m b")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("uvicorn.error").exception("It broke")
"""


def logged(form: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, form], capture_output=True, text=True, check=True)
    return done.stderr.splitlines()


def test_a_message_is_a_json_object_with_the_id_of_its_request() -> None:
    opening, asked, refused, broke = (json.loads(line) for line in logged("json"))
    assert (opening["level"], opening["logger"], opening["message"]) == (
        "INFO",
        "wherefrom.service.api.server",
        "Opening var",
    )
    assert "request_id" not in opening
    assert (asked["request_id"], asked["status"]) == ("abc", 200)
    assert refused["message"] == "refused a\nERROR:\x1b[31m b"
    assert "ZeroDivisionError" in broke["exc_info"]
    assert broke["request_id"] == "abc"


def test_a_message_is_a_line_for_people() -> None:
    first, _, refused, *broke = logged("text")
    assert first.split() == ["INFO:", "Opening", "var"]
    assert refused.split(maxsplit=1) == ["WARNING:", r"refused a\x0aERROR:\x1b[31m b"]
    assert broke[1] == "Traceback (most recent call last):"
