"""The values of settings as text: each is read, or refused by a ValueError that says why."""

import re
from collections.abc import Callable
from typing import get_args

from wherefrom.index.types import Implementation


def number(read: Callable[[str], float], low: float, high: float) -> Callable[[str], float]:
    """Read a number within bounds."""

    def parse(text: str) -> float:
        try:
            value = read(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a {'whole ' if read is int else ''}number") from None
        if not low <= value <= high:
            raise ValueError(f"{text} is not between {low} and {high}")
        return value

    return parse


def switch(text: str) -> bool:
    """Read true or false."""
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in words:
        raise ValueError(f"{text!r} is neither true nor false")
    return words[text.lower()]


def log_level(text: str) -> str:
    """Read a level of logging."""
    levels = ("critical", "error", "warning", "info", "debug")
    if text.lower() not in levels:
        raise ValueError(f"{text!r} is none of {', '.join(levels)}")
    return text.lower()


def log_format(text: str) -> str:
    """Read a form of logging."""
    if text.lower() not in ("text", "json"):
        raise ValueError(f"{text!r} is neither text nor json")
    return text.lower()


def names(text: str) -> tuple[str, ...]:
    """Read values between commas."""
    return tuple(name for each in text.split(",") if (name := each.strip()))


def origins(text: str) -> tuple[str, ...]:
    """Read origins between commas, each of a scheme and a host."""
    origins = names(text)
    for origin in origins:
        if not re.fullmatch(r"https?://[^/?#\s*]+", origin):
            raise ValueError(f"{origin!r} is no origin such as https://news.example")
    return origins


def rates(text: str) -> str:
    """Check limits; they stay text, as `Rates` takes them."""
    from limits import parse_many  # noqa: PLC0415 - only where a limit is set

    try:
        parse_many(text)
    except ValueError:
        raise ValueError(f"{text!r} is no limit such as 10/second; 300/minute") from None
    return text


def implementation(text: str) -> str:
    """Read what runs the model."""
    known = get_args(Implementation)
    if text.lower() not in known:
        raise ValueError(f"{text!r} is none of {', '.join(known)}")
    return text.lower()
