"""Settings: one frozen object, read from `WHEREFROM_*` variables and command line flags.

A field of `Settings` is the only declaration of a setting. Its variable, its flag with help text, its parser and its
line in docs/operations.md are all derived from the field.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

from wherefrom.index.errors import WherefromError
from wherefrom.index.types import Implementation
from wherefrom.index.writing.writers.protocol import PromptName, WriterKind
from wherefrom.service import settings_parsing as parsing
from wherefrom.service.auth.api_keys import Key, parse_key_file, parse_keys
from wherefrom.service.environment import VARIABLE_PREFIX, set_by_kubernetes, unknown_variables

CLUSTER_SETTINGS = ("engine", "milvus_uri", "milvus_shards", "postgres_dsn", "postgres_dsn_file")
"""The settings of the place of the index, apart from the data folder."""


class InvalidSetting(WherefromError):
    """A setting has an invalid value; the message names its variable and its flag."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{variable(name)} ({flag(name)}): {reason}")
        self.name = name
        self.reason = reason


class UnknownVariable(WherefromError):
    """Variables look like settings but are not; the message names each with the nearest setting, and no value."""

    def __init__(self, nearest: Mapping[str, str]) -> None:
        variables = (f"{name} is no setting; the nearest is {setting}" for name, setting in sorted(nearest.items()))
        super().__init__("; ".join(variables))


def variable(name: str) -> str:
    """Return the environment variable of a setting: `WHEREFROM_DATA` for `data`."""
    return VARIABLE_PREFIX + name.upper()


def flag(name: str) -> str:
    """Return the command line flag of a setting: `--max-batch` for `max_batch`."""
    return "--" + name.replace("_", "-")


def _describe(
    metavar: str, description: str, parse: Callable[[str], object] = str, *, secret: bool = False
) -> dict[str, Any]:
    """Return the metadata of a setting; a secret one has a sibling `..._file`, which reads its value from a file."""
    return {"metavar": metavar, "description": description, "parse": parse, "secret": secret}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of the service."""

    data: Path = field(default=Path("var"), metadata=_describe("FOLDER", "Folder that holds the index.", Path))
    engine: parsing.EngineName = field(
        default="embedded",
        metadata=_describe(
            "embedded|cluster",
            "Where the index is: embedded, in the data folder, or cluster, in PostgreSQL and Milvus.",
            parsing.engine,
        ),
    )
    milvus_uri: str | None = field(
        default=None,
        metadata=_describe(
            "URI", "Address of Milvus, for the cluster engine, such as http://milvus:19530.", parsing.milvus_uri
        ),
    )
    milvus_shards: int = field(
        default=1,
        metadata=_describe(
            "NUMBER",
            "Shards of each collection of Milvus; of those that are made from then on.",
            parsing.number(int, 1, 64),
        ),
    )
    postgres_dsn: parsing.Secret | None = field(
        default=None,
        metadata=_describe(
            "DSN",
            "What connects to PostgreSQL, for the cluster engine, such as postgresql://user:password@host/database.",
            parsing.ConnectionString,
            secret=True,
        ),
    )
    postgres_dsn_file: parsing.Secret | None = field(
        default=None,
        metadata=_describe(
            "FILE",
            "File that holds what connects to PostgreSQL.",
            partial(parsing.secret_file, kind=parsing.ConnectionString),
        ),
    )
    model: str | None = field(
        default=None,
        metadata=_describe("NAME", "Embedding model: a folder or a Hugging Face name; all-MiniLM-L6-v2 if unset."),
    )
    models: Path | None = field(
        default=None,
        metadata=_describe("FOLDER", "Folder of exported models; in the user's cache if unset.", Path),
    )
    encoder: Implementation = field(
        default="exported",
        metadata=_describe(
            "exported|reference",
            "Runtime of the model: exported (OpenVINO) or reference (PyTorch).",
            parsing.implementation,
        ),
    )
    reranker: str | None = field(
        default=None,
        metadata=_describe(
            "NAME", "Cross-encoder that reranks the first candidates: a folder or a Hugging Face name; none if unset."
        ),
    )
    reranker_seconds: float = field(
        default=0.5,
        metadata=_describe(
            "NUMBER", "Time budget for the cross-encoder, in seconds per question.", parsing.number(float, 0.01, 60)
        ),
    )
    reader: bool = field(
        default=True,
        metadata=_describe(
            "true|false",
            "Let the reader that was trained for the model read the first passages, unless a cross-encoder does.",
            parsing.boolean,
        ),
    )
    threshold: float | None = field(
        default=None,
        metadata=_describe(
            "NUMBER",
            "Minimum confidence of an answer, 0 to 1; the calibrated one if unset.",
            parsing.number(float, 0, 1),
        ),
    )
    writer: WriterKind | None = field(
        default=None,
        metadata=_describe(
            "openai|local",
            "What writes answers in sentences: a server with OpenAI's API, or a model in this process; none if unset.",
            parsing.writer_kind,
        ),
    )
    writer_url: str | None = field(
        default=None,
        metadata=_describe("URL", "Address of the writer's API, such as http://127.0.0.1:11434/v1.", parsing.url),
    )
    writer_model: str | None = field(
        default=None,
        metadata=_describe("NAME", "Model of the writer: its name on the server, or a folder or GGUF file."),
    )
    writer_key: parsing.Secret | None = field(
        default=None, metadata=_describe("KEY", "Key that the writer's server asks for.", parsing.Secret, secret=True)
    )
    writer_key_file: parsing.Secret | None = field(
        default=None, metadata=_describe("FILE", "File that holds this key.", parsing.secret_file)
    )
    writer_prompt: PromptName | None = field(
        default=None,
        metadata=_describe(
            "answer|short",
            "Prompt of the writer: short for a model with less than about a billion parameters. By default it is short"
            " for a local model of less than 1 GB.",
            parsing.prompt_name,
        ),
    )
    writer_seconds: float = field(
        default=20,
        metadata=_describe(
            "NUMBER", "Time limit for writing an answer, checks included, in seconds.", parsing.number(float, 0.1, 600)
        ),
    )
    host: str = field(default="127.0.0.1", metadata=_describe("ADDRESS", "Address to listen on."))
    port: int = field(
        default=8_000,
        metadata=_describe("NUMBER", "Port to listen on; 0 for any free one.", parsing.number(int, 0, 65_535)),
    )
    api_keys: tuple[Key, ...] = field(
        default=(),
        metadata=_describe(
            "KEYS",
            "API keys that may read and write, separated by commas: KEY, NAME:KEY or NAME:sha256:HEX.",
            parse_keys,
            secret=True,
        ),
    )
    api_keys_file: tuple[Key, ...] = field(
        default=(),
        metadata=_describe("FILE", "File of API keys that may read and write, one per line.", parse_key_file),
    )
    read_keys: tuple[Key, ...] = field(
        default=(),
        metadata=_describe(
            "KEYS",
            "API keys that may only read; if there are any, reading and writing need a key.",
            partial(parse_keys, default_name="reader"),
            secret=True,
        ),
    )
    read_keys_file: tuple[Key, ...] = field(
        default=(),
        metadata=_describe(
            "FILE", "File of API keys that may only read, one per line.", partial(parse_key_file, default_name="reader")
        ),
    )
    private: bool = field(
        default=False, metadata=_describe("true|false", "Require a key for reading too.", parsing.boolean)
    )
    rate_limit: str | None = field(
        default=None,
        metadata=_describe(
            "LIMITS",
            "Maximum rate of requests per key, or per address without a key, such as 10/second; 300/minute.",
            parsing.rate_limits,
        ),
    )
    allowed_hosts: tuple[str, ...] = field(
        default=(),
        metadata=_describe(
            "NAMES", "Host names of a server that listens on a loopback address.", parsing.comma_separated
        ),
    )
    cors_origins: tuple[str, ...] = field(
        default=(),
        metadata=_describe(
            "ORIGINS", "Sites whose pages may call the API from a browser, separated by commas.", parsing.origins
        ),
    )
    trusted_proxies: str | None = field(
        default=None,
        metadata=_describe(
            "ADDRESSES",
            "Addresses or networks of proxies whose Forwarded and X-Forwarded-... headers are trusted.",
            parsing.proxies,
        ),
    )
    root_path: str = field(
        default="",
        metadata=_describe("PATH", "Path under which a proxy serves the service, such as /kb.", parsing.root_path),
    )
    max_body_bytes: int = field(
        default=1 << 20,
        metadata=_describe("NUMBER", "Maximum size of a request body, in bytes.", parsing.number(int, 1, 1 << 30)),
    )
    max_document_bytes: int = field(
        default=2 << 20,
        metadata=_describe(
            "NUMBER",
            "Maximum size of a document or of a line of a batch, in bytes, before and after decompression.",
            parsing.number(int, 1, 1 << 30),
        ),
    )
    max_upload_bytes: int = field(
        default=16 << 20,
        metadata=_describe(
            "NUMBER",
            "Maximum size of a batch of documents, in bytes, before and after decompression.",
            parsing.number(int, 1, 1 << 30),
        ),
    )
    reading_seconds: float = field(
        default=20,
        metadata=_describe(
            "NUMBER",
            "Time limit for reading a document, in seconds for each MiB that it begins.",
            parsing.number(float, 0.1, 3_600),
        ),
    )
    reading_mib: int = field(
        default=1_024,
        metadata=_describe("NUMBER", "Memory limit for reading a document, in MiB.", parsing.number(int, 64, 1 << 20)),
    )
    max_batch: int = field(
        default=100,
        metadata=_describe(
            "NUMBER", "Maximum number of questions or citations in one request.", parsing.number(int, 1, 10_000)
        ),
    )
    threads: int = field(
        default=4,
        metadata=_describe(
            "NUMBER", "Number of requests that are processed at the same time.", parsing.number(int, 1, 256)
        ),
    )
    max_waiting: int = field(
        default=256,
        metadata=_describe(
            "NUMBER", "Maximum number of waiting requests; more are refused.", parsing.number(int, 0, 100_000)
        ),
    )
    remembered: int = field(
        default=1_024,
        metadata=_describe(
            "NUMBER", "Number of answers cached for repeated questions.", parsing.number(int, 0, 1_000_000)
        ),
    )
    request_seconds: float = field(
        default=30,
        metadata=_describe(
            "NUMBER",
            "Time limit for receiving a body and for answering a question, in seconds.",
            parsing.number(float, 0.1, 3_600),
        ),
    )
    lock_seconds: float = field(
        default=5.0,
        metadata=_describe(
            "NUMBER", "How long a change waits for one of another process, in seconds.", parsing.number(float, 0, 3_600)
        ),
    )
    shutdown_seconds: int = field(
        default=8,
        metadata=_describe(
            "NUMBER",
            "Time for running requests at shutdown, in seconds; Docker kills the process after 10.",
            parsing.number(int, 0, 3_600),
        ),
    )
    log_level: str = field(
        default="info", metadata=_describe("LEVEL", "Lowest level of messages that are logged.", parsing.log_level)
    )
    log_format: str = field(
        default="text", metadata=_describe("text|json", "Format of log messages: text or json.", parsing.log_format)
    )
    access_log: bool = field(
        default=False, metadata=_describe("true|false", "Log every request, without its question.", parsing.boolean)
    )
    traces: bool = field(
        default=False,
        metadata=_describe(
            "true|false", "Send traces to an OpenTelemetry collector; needs wherefrom[otel].", parsing.boolean
        ),
    )

    @property
    def writer_secret(self) -> str | None:
        """The key of the writer's server, `None` if there is none."""
        secret = self.writer_key or self.writer_key_file
        return secret.reveal() if secret else None

    @property
    def write_keys(self) -> tuple[Key, ...]:
        """The keys that may read and write."""
        return (*self.api_keys, *self.api_keys_file)

    @property
    def read_only_keys(self) -> tuple[Key, ...]:
        """The keys that may only read."""
        return (*self.read_keys, *self.read_keys_file)

    def cluster(self) -> tuple[str, str]:
        """Return PostgreSQL's connection string and Milvus's address. Raise InvalidSetting if either is missing."""
        dsn = self.postgres_dsn or self.postgres_dsn_file
        if dsn is None:
            raise InvalidSetting("postgres_dsn", "the cluster engine needs it")
        if self.milvus_uri is None:
            raise InvalidSetting("milvus_uri", "the cluster engine needs it")
        return dsn.reveal(), self.milvus_uri

    def needs_key(self, *, writing: bool) -> bool:
        """Return whether every client needs a key, to write or to read; if there are any keys, writing needs one."""
        return bool(self.read_only_keys) or (bool(self.write_keys) if writing else self.private)


def setting_names() -> tuple[str, ...]:
    """Return the names of all settings, in the order of the documentation."""
    return tuple(setting.name for setting in fields(Settings))


def metavar(name: str) -> str:
    """Return the placeholder for a setting's value in the command line's help."""
    return str(_field(name).metadata["metavar"])


def description(name: str) -> str:
    """Return the description of a setting, one or two sentences."""
    return str(_field(name).metadata["description"])


def default_text(name: str) -> str:
    """Return the default of a setting as text, empty if there is none."""
    default = _field(name).default
    return "" if default in (None, ()) else str(default)


def explanation(name: str) -> str:
    """Return the help text of a setting, with its variable and default."""
    default = default_text(name)
    return f"{description(name)} [env: {variable(name)}{f'; default: {default}' if default else ''}]"


def secret_names() -> tuple[str, ...]:
    """Return the names of the settings whose values are secret; each can be read from a file instead."""
    return tuple(setting.name for setting in fields(Settings) if setting.metadata["secret"])


def from_environment(environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Settings:
    """Read the settings of a command; an unset or empty variable leaves the default.

    `flags` has an entry for each setting of the command: the text of its flag, which overrides the variable, or `None`.
    Variables of other settings are not parsed. Without `flags`, every setting is read. Raise InvalidSetting, or
    UnknownVariable if the name of a variable is mistyped.
    """
    if unknown := unknown_variables(environment, [variable(name) for name in setting_names()]):
        raise UnknownVariable(unknown)
    flags = dict.fromkeys(setting_names()) if flags is None else flags
    texts = {name: _variable_text(environment, name) if text is None else text for name, text in flags.items()}
    settings = Settings(**{name: _parse(name, text) for name, text in texts.items() if text})
    if settings.engine == "cluster" and "postgres_dsn" in flags:
        settings.cluster()
    if settings.private and not (settings.write_keys or settings.read_only_keys):
        raise InvalidSetting("private", "nobody could read, since there are no keys")
    if settings.writer and not settings.writer_model:
        raise InvalidSetting("writer_model", f"the writer {settings.writer} needs a model")
    if settings.writer == "openai" and not settings.writer_url:
        raise InvalidSetting("writer_url", "the writer openai needs the address of its API")
    return settings


def _variable_text(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(variable(name), "")
    return "" if set_by_kubernetes(variable(name), text) else text


def _parse(name: str, text: str) -> Any:  # noqa: ANN401
    try:
        return _field(name).metadata["parse"](text)
    except ValueError as error:
        raise InvalidSetting(name, str(error)) from None


def _field(name: str) -> Field[Any]:
    return next(setting for setting in fields(Settings) if setting.name == name)
