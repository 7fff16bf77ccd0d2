"""What can be set: one frozen object, read from `WHEREFROM_*` variables; every field is also a flag."""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

from wherefrom.index.errors import WherefromError
from wherefrom.index.types import Implementation
from wherefrom.service import settings_parsing
from wherefrom.service.auth.api_keys import Key, parse_keys, read_keys

PREFIX = "WHEREFROM_"


class InvalidSetting(WherefromError):
    """A setting has a value that it cannot take; the message names its variable and its flag."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{variable(name)} ({flag(name)}): {reason}")
        self.name = name
        self.reason = reason


def variable(name: str) -> str:
    """The environment variable of a setting: `data` is `WHEREFROM_DATA`."""
    return PREFIX + name.upper()


def flag(name: str) -> str:
    """The command line flag of a setting: `max_batch` is `--max-batch`."""
    return "--" + name.replace("_", "-")


def _told(explanation: str, parse: Callable[[str], object] = str) -> dict[str, Any]:
    return {"explanation": explanation, "parse": parse}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the service runs."""

    data: Path = field(default=Path("var"), metadata=_told("Folder that holds the index.", Path))
    model: str | None = field(
        default=None,
        metadata=_told("Embedding model: a folder or a hub name; all-MiniLM-L6-v2 if unset."),
    )
    models: Path | None = field(
        default=None,
        metadata=_told("Folder of exported models; `models` in the data folder if unset.", Path),
    )
    encoder: Implementation = field(
        default="exported",
        metadata=_told(
            "What runs the model: exported (OpenVINO) or reference (PyTorch).", settings_parsing.implementation
        ),
    )
    reranker: str | None = field(
        default=None,
        metadata=_told("Cross-encoder that reads the first candidates again: a folder or a hub name; none if unset."),
    )
    reranker_seconds: float = field(
        default=0.5,
        metadata=_told("Seconds a question that the cross-encoder may take.", settings_parsing.number(float, 0.01, 60)),
    )
    threshold: float | None = field(
        default=None,
        metadata=_told(
            "Confidence that counts as an answer; calibrated if unset.", settings_parsing.number(float, 0, 1)
        ),
    )
    host: str = field(default="127.0.0.1", metadata=_told("Address to listen on."))
    port: int = field(
        default=8_000, metadata=_told("Port to listen on; 0 takes a free one.", settings_parsing.number(int, 0, 65_535))
    )
    api_keys: tuple[Key, ...] = field(
        default=(),
        metadata=_told("Keys that may read and write, between commas: KEY, NAME:KEY or NAME:sha256:HEX.", parse_keys),
    )
    api_keys_file: tuple[Key, ...] = field(
        default=(), metadata=_told("A file of keys that may read and write, one a line.", read_keys)
    )
    read_keys: tuple[Key, ...] = field(
        default=(),
        metadata=_told(
            "Keys that may only read; with any, reading needs a key.", partial(parse_keys, unnamed="reader")
        ),
    )
    private: bool = field(default=False, metadata=_told("Reading needs a key too.", settings_parsing.switch))
    rate_limit: str | None = field(
        default=None,
        metadata=_told(
            "Most requests of a key, or of an address without one: 10/second; 300/minute.", settings_parsing.rates
        ),
    )
    allowed_hosts: tuple[str, ...] = field(
        default=(),
        metadata=_told("Names under which a server on a loopback address is reached.", settings_parsing.names),
    )
    cors_origins: tuple[str, ...] = field(
        default=(),
        metadata=_told("Sites whose pages may call the API from a browser, between commas.", settings_parsing.origins),
    )
    trusted_proxies: str | None = field(
        default=None, metadata=_told("Addresses of proxies whose X-Forwarded-For is believed, between commas.")
    )
    max_body_bytes: int = field(
        default=1 << 20, metadata=_told("Largest request body that is read.", settings_parsing.number(int, 1, 1 << 30))
    )
    max_document_bytes: int = field(
        default=2 << 20,
        metadata=_told(
            "Largest document, or line of a batch, also once unpacked.", settings_parsing.number(int, 1, 1 << 30)
        ),
    )
    max_upload_bytes: int = field(
        default=16 << 20,
        metadata=_told("Largest batch of documents, also once unpacked.", settings_parsing.number(int, 1, 1 << 30)),
    )
    max_batch: int = field(
        default=100,
        metadata=_told("Most questions or citations in one request.", settings_parsing.number(int, 1, 10_000)),
    )
    threads: int = field(
        default=4, metadata=_told("Requests that are worked on at the same time.", settings_parsing.number(int, 1, 256))
    )
    max_waiting: int = field(
        default=256,
        metadata=_told(
            "Requests that may wait for their turn; more are refused.", settings_parsing.number(int, 0, 100_000)
        ),
    )
    remembered: int = field(
        default=1_024,
        metadata=_told("Answers kept for questions that are asked again.", settings_parsing.number(int, 0, 1_000_000)),
    )
    request_seconds: float = field(
        default=30,
        metadata=_told(
            "Longest time for a body to come, and for a question to be answered.",
            settings_parsing.number(float, 0.1, 3_600),
        ),
    )
    lock_seconds: float = field(
        default=5.0,
        metadata=_told(
            "Time that a change waits for another process to end its own.", settings_parsing.number(float, 0, 3_600)
        ),
    )
    shutdown_seconds: int = field(
        default=8,
        metadata=_told(
            "Time for running requests at shutdown; Docker gives 10 in all.", settings_parsing.number(int, 0, 3_600)
        ),
    )
    log_level: str = field(default="info", metadata=_told("Least serious messages to log.", settings_parsing.log_level))
    log_format: str = field(
        default="text", metadata=_told("How messages are logged: text or json.", settings_parsing.log_format)
    )
    access_log: bool = field(
        default=False, metadata=_told("Log every request, but not what was asked.", settings_parsing.switch)
    )
    traces: bool = field(
        default=False,
        metadata=_told("Send traces to an OpenTelemetry collector; needs wherefrom[otel].", settings_parsing.switch),
    )

    @property
    def writers(self) -> tuple[Key, ...]:
        """The keys that may read and write."""
        return (*self.api_keys, *self.api_keys_file)

    def needs_key(self, *, writing: bool) -> bool:
        """Whether everyone needs a key, to write or to read."""
        return bool(self.writers) if writing else self.private or bool(self.read_keys)


def explanation(name: str) -> str:
    """What a setting does, with its variable and default, as the command line's help shows it."""
    known = _field(name)
    default = "" if known.default in (None, ()) else f"; default: {known.default}"
    return f"{known.metadata['explanation']} [env: {variable(name)}{default}]"


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings; an unset or empty variable leaves the default. Raise InvalidSetting."""
    names = [known.name for known in fields(Settings)]
    given = {name: text for name in names if (text := environment.get(variable(name), ""))}
    settings = Settings(**{name: _parse(name, text) for name, text in given.items()})
    if settings.private and not (settings.writers or settings.read_keys):
        raise InvalidSetting("private", "nobody could read, since there are no keys")
    return settings


def _parse(name: str, text: str) -> Any:  # noqa: ANN401
    try:
        return _field(name).metadata["parse"](text)
    except ValueError as error:
        raise InvalidSetting(name, str(error)) from None


def _field(name: str) -> Field[Any]:
    return next(known for known in fields(Settings) if known.name == name)
