"""The flags of the command line: one for each setting, and those of a question."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wherefrom.service.settings import Settings, explanation, flag, from_environment, variable


def _setting(name: str, metavar: str) -> object:
    """Make the flag of a setting; its text is read as its variable's is."""
    return typer.Option(flag(name), metavar=metavar, help=explanation(name), show_default=False)


Data = Annotated[str | None, _setting("data", "FOLDER")]
Model = Annotated[str | None, _setting("model", "NAME")]
Models = Annotated[str | None, _setting("models", "FOLDER")]
Encoder = Annotated[str | None, _setting("encoder", "exported|reference")]
Reranker = Annotated[str | None, _setting("reranker", "NAME")]
RerankerSeconds = Annotated[str | None, _setting("reranker_seconds", "NUMBER")]
Threshold = Annotated[str | None, _setting("threshold", "NUMBER")]
Host = Annotated[str | None, _setting("host", "ADDRESS")]
Port = Annotated[str | None, _setting("port", "NUMBER")]
ApiKeys = Annotated[str | None, _setting("api_keys", "KEYS")]
ApiKeysFile = Annotated[str | None, _setting("api_keys_file", "FILE")]
ReadKeys = Annotated[str | None, _setting("read_keys", "KEYS")]
Private = Annotated[str | None, _setting("private", "true|false")]
RateLimit = Annotated[str | None, _setting("rate_limit", "LIMITS")]
AllowedHosts = Annotated[str | None, _setting("allowed_hosts", "NAMES")]
CorsOrigins = Annotated[str | None, _setting("cors_origins", "ORIGINS")]
TrustedProxies = Annotated[str | None, _setting("trusted_proxies", "ADDRESSES")]
MaxBodyBytes = Annotated[str | None, _setting("max_body_bytes", "NUMBER")]
MaxDocumentBytes = Annotated[str | None, _setting("max_document_bytes", "NUMBER")]
MaxUploadBytes = Annotated[str | None, _setting("max_upload_bytes", "NUMBER")]
MaxBatch = Annotated[str | None, _setting("max_batch", "NUMBER")]
Threads = Annotated[str | None, _setting("threads", "NUMBER")]
MaxWaiting = Annotated[str | None, _setting("max_waiting", "NUMBER")]
Remembered = Annotated[str | None, _setting("remembered", "NUMBER")]
RequestSeconds = Annotated[str | None, _setting("request_seconds", "NUMBER")]
LockSeconds = Annotated[str | None, _setting("lock_seconds", "NUMBER")]
ShutdownSeconds = Annotated[str | None, _setting("shutdown_seconds", "NUMBER")]
LogLevel = Annotated[str | None, _setting("log_level", "LEVEL")]
LogFormat = Annotated[str | None, _setting("log_format", "text|json")]
AccessLog = Annotated[str | None, _setting("access_log", "true|false")]
Traces = Annotated[str | None, _setting("traces", "true|false")]

Question = Annotated[str | None, typer.Argument(help="The question, in plain words.", show_default=False)]
Interactive = Annotated[
    bool, typer.Option("--interactive", "-i", help="Ask one question after another; without a question, the default.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
TopK = Annotated[int, typer.Option(help="How many passages to give.")]
Publisher = Annotated[
    list[str] | None, typer.Option(help="Only documents of this publisher; may be repeated.", show_default=False)
]
DocumentId = Annotated[list[str] | None, typer.Option(help="Only this document; may be repeated.", show_default=False)]
PublishedFrom = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Published on this day or later.", show_default=False),
]
PublishedTo = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Published on this day or earlier.", show_default=False),
]
MaxPerDocument = Annotated[int | None, typer.Option(help="Most passages of one document.", show_default=False)]
Explain = Annotated[bool, typer.Option("--explain", help="Show each passage's scores.")]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH]...",
        help="Files, folders, patterns, - for standard input; without any, the files indexed before.",
        show_default=False,
    ),
]
Rebuild = Annotated[
    bool, typer.Option("--rebuild", help="Read and embed every stored source again, for another model or newer rules.")
]
Ids = Annotated[list[str], typer.Argument(metavar="ID", help="Ids of documents.", show_default=False)]
BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.", show_default=False)]
BackedUp = Annotated[Path, typer.Argument(metavar="FILE", help="What `wherefrom backup` wrote.", show_default=False)]
Replace = Annotated[bool, typer.Option("--replace", help="Lose what the data folder holds.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Files; - for standard input.", show_default=False)]


def read_settings(**given: str | None) -> Settings:
    """Read the settings; a flag goes before its variable."""
    flagged = {variable(name): text for name, text in given.items() if text is not None}
    return from_environment(os.environ | flagged)
