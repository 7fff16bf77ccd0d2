"""The command line. It starts fast: what loads FAISS, a model or a web framework is imported when it runs."""
# ruff: noqa: PLC0415, PLR0913 - imports inside the commands are why --help is fast; a parameter is a flag

import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from typing import Annotated

import typer

from index.errors import InvalidQuestion, WherefromError
from index.types import Filters
from service import flags
from service.settings import InvalidSetting, Settings, from_environment, variable

USAGE = 2
INTERRUPTED = 130

SERVING = {"OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
"""Read when numpy and FAISS load: a question's products are too small to share out among threads, and threads that spin
for work take the processor from the encoder; with both a question took up to ten times as long on a busy machine."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, rich_markup_mode=None)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `wherefrom` and exit: 0 when it did its work, 1 when it could not, 2 when it was asked wrongly."""
    try:
        app(args=arguments)
    except (InvalidSetting, InvalidQuestion) as error:
        _fail(str(error), USAGE)
    except WherefromError as error:
        _fail(str(error), 1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _fail(message: str, code: int) -> None:
    typer.echo(f"wherefrom: {message}", err=True)
    sys.exit(code)


def _settings(**given: str | None) -> Settings:
    """Read the settings; a flag goes before its variable."""
    flagged = {variable(name): text for name, text in given.items() if text is not None}
    return from_environment(os.environ | flagged)


def _show_version(wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        typer.echo(f"wherefrom {version('wherefrom')}")
        raise typer.Exit


@app.callback()
def wherefrom(
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Ask a folder of articles a question; get passages that answer it."""


@app.command()
def index(
    paths: flags.Paths = None,
    *,
    rebuild: flags.Rebuild = False,
    data: flags.Data = None,
    model: flags.Model = None,
    models: flags.Models = None,
    encoder: flags.Encoder = None,
    lock_seconds: flags.LockSeconds = None,
) -> None:
    """Add or update files and folders."""
    if paths and rebuild:
        raise typer.BadParameter("takes no files: it reads what the index stores", param_hint="--rebuild")
    settings = _settings(data=data, model=model, models=models, encoder=encoder, lock_seconds=lock_seconds)
    from service import commands

    raise typer.Exit(commands.rebuild(settings) if rebuild else commands.index(settings, paths or []))


@app.command()
def serve(
    *,
    data: flags.Data = None,
    model: flags.Model = None,
    models: flags.Models = None,
    encoder: flags.Encoder = None,
    reranker: flags.Reranker = None,
    reranker_seconds: flags.RerankerSeconds = None,
    threshold: flags.Threshold = None,
    host: flags.Host = None,
    port: flags.Port = None,
    api_keys: flags.ApiKeys = None,
    api_keys_file: flags.ApiKeysFile = None,
    read_keys: flags.ReadKeys = None,
    private: flags.Private = None,
    rate_limit: flags.RateLimit = None,
    allowed_hosts: flags.AllowedHosts = None,
    cors_origins: flags.CorsOrigins = None,
    trusted_proxies: flags.TrustedProxies = None,
    max_body_bytes: flags.MaxBodyBytes = None,
    max_document_bytes: flags.MaxDocumentBytes = None,
    max_upload_bytes: flags.MaxUploadBytes = None,
    max_batch: flags.MaxBatch = None,
    threads: flags.Threads = None,
    max_waiting: flags.MaxWaiting = None,
    remembered: flags.Remembered = None,
    request_seconds: flags.RequestSeconds = None,
    lock_seconds: flags.LockSeconds = None,
    shutdown_seconds: flags.ShutdownSeconds = None,
    log_level: flags.LogLevel = None,
    log_format: flags.LogFormat = None,
    access_log: flags.AccessLog = None,
    traces: flags.Traces = None,
) -> None:
    """Serve the HTTP API."""
    settings = _settings(**locals())
    for name, value in SERVING.items():
        os.environ.setdefault(name, value)
    from service import opening, server

    server.serve(settings, partial(opening.open_warm, settings))


@app.command()
def ask(
    question: flags.Question = None,
    *,
    interactive: flags.Interactive = False,
    as_json: flags.AsJson = False,
    top_k: flags.TopK = 5,
    publisher: flags.Publisher = None,
    published_from: flags.PublishedFrom = None,
    published_to: flags.PublishedTo = None,
    document_id: flags.DocumentId = None,
    max_per_document: flags.MaxPerDocument = None,
    explain: flags.Explain = False,
    data: flags.Data = None,
    model: flags.Model = None,
    models: flags.Models = None,
    encoder: flags.Encoder = None,
    reranker: flags.Reranker = None,
    threshold: flags.Threshold = None,
) -> None:
    """Answer one question, or one after another."""
    interactive = interactive or (question is None and not as_json and sys.stdin.isatty() and sys.stdout.isatty())
    if question is None and not interactive:
        raise typer.BadParameter("ask something, or add --interactive", param_hint="QUESTION")
    if interactive and as_json:
        raise typer.BadParameter("is for one question, not for a conversation", param_hint="--json")
    settings = _settings(data=data, model=model, models=models, encoder=encoder, reranker=reranker, threshold=threshold)
    filters = Filters(
        publisher=tuple(publisher or ()),
        published_from=published_from and published_from.date(),
        published_to=published_to and published_to.date(),
        document_id=tuple(document_id or ()),
    )
    from service import conversation, requests

    terms = requests.Terms(top_k=top_k, filters=filters, max_per_document=max_per_document, explain=explain)
    if question is None or interactive:
        conversation.hold(settings, terms, first=question)
    else:
        conversation.ask(settings, question, terms, as_json=as_json)


@app.command()
def mcp(
    *,
    data: flags.Data = None,
    model: flags.Model = None,
    models: flags.Models = None,
    encoder: flags.Encoder = None,
    reranker: flags.Reranker = None,
    threshold: flags.Threshold = None,
) -> None:
    """Serve agents on standard input and output (Model Context Protocol)."""
    settings = _settings(data=data, model=model, models=models, encoder=encoder, reranker=reranker, threshold=threshold)
    from service import commands

    commands.mcp(settings)


@app.command()
def tools() -> None:
    """Print the agents' tools as function-calling APIs take them."""
    from service import commands

    commands.tools()


@app.command()
def inspect(files: flags.Files, *, as_json: flags.AsJson = False) -> None:
    """Show what cleaning keeps and drops."""
    from service.inspection import inspect as run

    raise typer.Exit(run(files, as_json=as_json))


@app.command()
def verify(*, data: flags.Data = None) -> None:
    """Check every source and every citation."""
    from service import commands

    raise typer.Exit(commands.verify(_settings(data=data)))


@app.command()
def remove(ids: flags.Ids, *, data: flags.Data = None, lock_seconds: flags.LockSeconds = None) -> None:
    """Remove documents, all of them or none."""
    settings = _settings(data=data, lock_seconds=lock_seconds)
    from service import keeping

    raise typer.Exit(keeping.remove(settings, ids))


@app.command()
def backup(file: flags.BackupFile, *, data: flags.Data = None) -> None:
    """Copy the index to one file, while it is used."""
    settings = _settings(data=data)
    from service import keeping

    raise typer.Exit(keeping.back_up(settings, file))


@app.command()
def restore(
    file: flags.BackedUp,
    *,
    replace: flags.Replace = False,
    data: flags.Data = None,
    lock_seconds: flags.LockSeconds = None,
) -> None:
    """Make the data folder of a backup."""
    settings = _settings(data=data, lock_seconds=lock_seconds)
    from service import keeping

    raise typer.Exit(keeping.restore(settings, file, replace=replace))


if __name__ == "__main__":
    main()
