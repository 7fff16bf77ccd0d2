"""Logging configuration: lines of text, or one JSON object per line."""

import logging
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter
from uvicorn.config import LOGGING_CONFIG

from wherefrom.service.observability.tracing import current_trace_id

JSON_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
RENAMED_FIELDS = {"asctime": "time", "levelname": "level", "name": "logger"}


request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the current request, which is added to its log records."""


CONTROL_CHARACTERS = {number: f"\\x{number:02x}" for number in (*range(32), *range(127, 160))}


class OneLineFilter(logging.Filter):
    """Escapes control characters in our own messages, since the names of files may have some, also line breaks."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Escape the message and return true, so that every record is logged."""
        if record.name.startswith("wherefrom"):
            record.msg, record.args = record.getMessage().translate(CONTROL_CHARACTERS), None
        return True


class RequestIdFilter(logging.Filter):
    """Adds the id of the current request, and of its trace if it is traced, to log records."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the ids and return true, so that every record is logged."""
        current_id = request_id.get()
        if current_id is not None:
            record.request_id = current_id
        trace_id = current_trace_id()
        if trace_id is not None:
            record.trace_id = trace_id
        return True


def logging_config(level: str, form: str) -> dict[str, Any]:
    """Return uvicorn's logging configuration with the loggers of `wherefrom`; `form` is `text` or `json`."""
    ours = {"handlers": ["default"], "level": level.upper(), "propagate": False}
    config = {**LOGGING_CONFIG, "loggers": {**LOGGING_CONFIG["loggers"], "wherefrom": ours}}
    if form == "text":
        config["filters"] = {"one_line": {"()": OneLineFilter}}
        config["handlers"] = _filtered("one_line")
    else:
        config["filters"] = {"request_id": {"()": RequestIdFilter}}
        formatter = {"()": JsonFormatter, "fmt": JSON_FORMAT, "rename_fields": RENAMED_FIELDS}
        config["formatters"] = dict.fromkeys(LOGGING_CONFIG["formatters"], formatter)
        config["handlers"] = _filtered("request_id")
    return config


def _filtered(name: str) -> dict[str, Any]:
    return {handler: {**options, "filters": [name]} for handler, options in LOGGING_CONFIG["handlers"].items()}
