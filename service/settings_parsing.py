"""Parsers for the texts of settings; each raises ValueError, with the reason, for an invalid value."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from wherefrom.index.types import Implementation
from wherefrom.index.writing.writers.protocol import PROMPT_NAMES, WRITER_KINDS

EngineName = Literal["embedded", "cluster"]
BOOLEANS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
LOG_LEVELS = ("critical", "error", "warning", "info", "debug")
EVERYONE = "*"
"""Every address, as a trusted proxy."""
PATH_PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
"""A path that can precede another path without changing its meaning, and that does not name a host."""
MAPPED_IPV4_BITS = 96
"""Number of bits before the IPv4 address in `::ffff:192.0.2.7`."""


class Secret:
    """A secret that neither `repr` nor `str` shows."""

    def __init__(self, text: str) -> None:
        """Store the secret. Raise ValueError if it cannot be sent in a header."""
        if not text.isascii() or not text.isprintable() or " " in text:
            raise ValueError("has characters that no header can hold")
        self._text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(...)"

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text


class ConnectionString(Secret):
    """A connection string of a database, which may contain a password and spaces."""

    def __init__(self, text: str) -> None:
        """Store the string without surrounding white space. Raise ValueError if it is empty."""
        if not text.strip():
            raise ValueError("is empty")
        self._text = text.strip()


def secret_file(name: str, kind: type[Secret] = Secret) -> Secret:
    """Read a secret from a file, without surrounding white space."""
    try:
        return kind(Path(name).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name!r} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None


def writer_kind(text: str) -> str:
    """Parse the kind of a writer."""
    if text.lower() not in WRITER_KINDS:
        raise ValueError(f"{text!r} is none of {', '.join(WRITER_KINDS)}")
    return text.lower()


def prompt_name(text: str) -> str:
    """Parse the name of a writer's prompt."""
    if text.lower() not in PROMPT_NAMES:
        raise ValueError(f"{text!r} is none of {', '.join(PROMPT_NAMES)}")
    return text.lower()


def url(text: str) -> str:
    """Parse the address of a server."""
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or "@" in parts.netloc:
        raise ValueError("is no address such as http://127.0.0.1:11434/v1, without a user or password in it")
    return text


def milvus_uri(text: str) -> str:
    """Parse the address of Milvus: a server, a socket, or a file of Milvus Lite."""
    if text.startswith("unix:") or text.endswith(".db"):
        return text
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https", "tcp") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise ValueError("is no address such as http://milvus:19530")
    return text


def number(convert: Callable[[str], float], minimum: float, maximum: float) -> Callable[[str], float]:
    """Return a parser for numbers within bounds; `convert` is `int` or `float`."""

    def parse(text: str) -> float:
        try:
            value = convert(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a {'whole ' if convert is int else ''}number") from None
        if not minimum <= value <= maximum:
            raise ValueError(f"{text} is not between {minimum} and {maximum}")
        return value

    return parse


def boolean(text: str) -> bool:
    """Parse true or false."""
    if text.lower() not in BOOLEANS:
        raise ValueError(f"{text!r} is neither true nor false")
    return BOOLEANS[text.lower()]


def engine(text: str) -> EngineName:
    """Parse the name of an engine."""
    for name in get_args(EngineName):
        if text.lower() == name:
            return name  # type: ignore[no-any-return]
    raise ValueError(f"{text!r} is neither embedded nor cluster")


def log_level(text: str) -> str:
    """Parse a log level."""
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"{text!r} is none of {', '.join(LOG_LEVELS)}")
    return text.lower()


def log_format(text: str) -> str:
    """Parse a log format."""
    if text.lower() not in ("text", "json"):
        raise ValueError(f"{text!r} is neither text nor json")
    return text.lower()


def comma_separated(text: str) -> tuple[str, ...]:
    """Parse values separated by commas."""
    return tuple(value for part in text.split(",") if (value := part.strip()))


def origins(text: str) -> tuple[str, ...]:
    """Parse origins separated by commas, each a scheme and a host."""
    values = comma_separated(text)
    for origin in values:
        if not re.fullmatch(r"https?://[^/?#\s*]+", origin):
            raise ValueError(f"{origin!r} is no origin such as https://news.example")
    return values


def proxies(text: str) -> str:
    """Check addresses and networks separated by commas, and return the text, which `TrustedProxies` parses."""
    for value in comma_separated(text):
        if value != EVERYONE:
            network(value)
    return text


def network(text: str) -> IPv4Network | IPv6Network:
    """Parse a network, or an address as a network of one; IPv4 written as IPv6 (`::ffff:192.0.2.7`) becomes IPv4."""
    try:
        parsed = ip_network(text, strict=False)
        if isinstance(parsed, IPv6Network) and (mapped := parsed.network_address.ipv4_mapped):
            return IPv4Network((int(mapped), parsed.prefixlen - MAPPED_IPV4_BITS), strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no address or network such as 10.0.0.0/8") from None
    return parsed


def root_path(text: str) -> str:
    """Parse the path under which a proxy serves the service; a trailing slash is removed."""
    path = text.rstrip("/")
    if path and not PATH_PREFIX.fullmatch(path):
        raise ValueError(f"{text!r} is no path such as /kb")
    return path


def rate_limits(text: str) -> str:
    """Check rate limits, and return the text, which `RateLimit` parses."""
    from limits import parse_many  # noqa: PLC0415 - needed only where a limit is set

    try:
        parsed = parse_many(text)
    except ValueError:
        raise ValueError(f"{text!r} is no limit such as 10/second; 300/minute") from None
    if any(limit.amount < 1 for limit in parsed):
        raise ValueError(f"{text!r} allows nothing")
    return text


def implementation(text: str) -> str:
    """Parse the name of an encoder implementation."""
    known = get_args(Implementation)
    if text.lower() not in known:
        raise ValueError(f"{text!r} is none of {', '.join(known)}")
    return text.lower()
