"""How messages are logged: as lines for people, or as a JSON object a line for programs."""

import logging
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter
from uvicorn.config import LOGGING_CONFIG

FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}


request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being answered, for what is logged meanwhile."""


class RequestId(logging.Filter):
    """Adds the id of the request that a message is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every message through."""
        named = request_id.get()
        if named is not None:
            record.request_id = named
        return True


def logging_config(level: str, form: str) -> dict[str, Any]:
    """Uvicorn's own way of logging, for our messages too; `form` is text or json."""
    ours = {"handlers": ["default"], "level": level.upper(), "propagate": False}
    config = {**LOGGING_CONFIG, "loggers": {**LOGGING_CONFIG["loggers"], "wherefrom": ours}}
    if form == "json":
        config["filters"] = {"request_id": {"()": RequestId}}
        json = {"()": JsonFormatter, "fmt": FIELDS, "rename_fields": NAMES}
        config["formatters"] = dict.fromkeys(LOGGING_CONFIG["formatters"], json)
        config["handlers"] = {
            name: {**handler, "filters": ["request_id"]} for name, handler in LOGGING_CONFIG["handlers"].items()
        }
    return config
