"""The commands that answer questions: over HTTP, in a terminal, to agents. They load what is slow when they run."""
# ruff: noqa: PLC0415, PLR0913 - imports inside the commands are why --help is fast; a parameter is a flag

import os
import sys
from functools import partial

import typer

from wherefrom.index.types import AskOptions, Filters
from wherefrom.service.cli import options

SERVING = {"OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
"""Read when numpy and FAISS load: a question's products are too small to share out among threads, and threads that spin
for work take the processor from the encoder; with both a question took up to ten times as long on a busy machine."""


def serve(
    *,
    data: options.Data = None,
    model: options.Model = None,
    models: options.Models = None,
    encoder: options.Encoder = None,
    reranker: options.Reranker = None,
    reranker_seconds: options.RerankerSeconds = None,
    threshold: options.Threshold = None,
    host: options.Host = None,
    port: options.Port = None,
    api_keys: options.ApiKeys = None,
    api_keys_file: options.ApiKeysFile = None,
    read_keys: options.ReadKeys = None,
    private: options.Private = None,
    rate_limit: options.RateLimit = None,
    allowed_hosts: options.AllowedHosts = None,
    cors_origins: options.CorsOrigins = None,
    trusted_proxies: options.TrustedProxies = None,
    max_body_bytes: options.MaxBodyBytes = None,
    max_document_bytes: options.MaxDocumentBytes = None,
    max_upload_bytes: options.MaxUploadBytes = None,
    max_batch: options.MaxBatch = None,
    threads: options.Threads = None,
    max_waiting: options.MaxWaiting = None,
    remembered: options.Remembered = None,
    request_seconds: options.RequestSeconds = None,
    lock_seconds: options.LockSeconds = None,
    shutdown_seconds: options.ShutdownSeconds = None,
    log_level: options.LogLevel = None,
    log_format: options.LogFormat = None,
    access_log: options.AccessLog = None,
    traces: options.Traces = None,
) -> None:
    """Serve the HTTP API."""
    settings = options.read_settings(**locals())
    for name, value in SERVING.items():
        os.environ.setdefault(name, value)
    from wherefrom.service import bootstrap
    from wherefrom.service.api import server

    server.serve(settings, partial(bootstrap.open_warm, settings))


def ask(
    question: options.Question = None,
    *,
    interactive: options.Interactive = False,
    as_json: options.AsJson = False,
    top_k: options.TopK = 5,
    publisher: options.Publisher = None,
    published_from: options.PublishedFrom = None,
    published_to: options.PublishedTo = None,
    document_id: options.DocumentId = None,
    max_per_document: options.MaxPerDocument = None,
    explain: options.Explain = False,
    data: options.Data = None,
    model: options.Model = None,
    models: options.Models = None,
    encoder: options.Encoder = None,
    reranker: options.Reranker = None,
    threshold: options.Threshold = None,
) -> None:
    """Answer one question, or one after another."""
    interactive = interactive or (question is None and not as_json and sys.stdin.isatty() and sys.stdout.isatty())
    if question is None and not interactive:
        raise typer.BadParameter("ask something, or add --interactive", param_hint="QUESTION")
    if interactive and as_json:
        raise typer.BadParameter("is for one question, not for a conversation", param_hint="--json")
    settings = options.read_settings(
        data=data, model=model, models=models, encoder=encoder, reranker=reranker, threshold=threshold
    )
    filters = Filters(
        publisher=tuple(publisher or ()),
        published_from=published_from and published_from.date(),
        published_to=published_to and published_to.date(),
        document_id=tuple(document_id or ()),
    )
    from wherefrom.service.cli import interactive as conversation

    asked = AskOptions(top_k=top_k, filters=filters, max_per_document=max_per_document, explain=explain)
    if question is None or interactive:
        conversation.hold(settings, asked, first=question)
    else:
        conversation.ask(settings, question, asked, as_json=as_json)


def mcp(
    *,
    data: options.Data = None,
    model: options.Model = None,
    models: options.Models = None,
    encoder: options.Encoder = None,
    reranker: options.Reranker = None,
    threshold: options.Threshold = None,
) -> None:
    """Serve agents on standard input and output (Model Context Protocol)."""
    settings = options.read_settings(
        data=data, model=model, models=models, encoder=encoder, reranker=reranker, threshold=threshold
    )
    from wherefrom.service.cli import index_commands

    index_commands.mcp(settings)


def tools() -> None:
    """Print the agents' tools as function-calling APIs take them."""
    from wherefrom.service.cli import index_commands

    index_commands.tools()
