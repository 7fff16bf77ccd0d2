"""The commands that answer questions: over HTTP, in a terminal, to agents. They load what is slow when they run."""
# ruff: noqa: PLC0415, PLR0913 - imports inside the commands are why --help is fast; a parameter is a flag

import os
import sys
from functools import partial

import typer

from index.types import Filters
from service import flags

SERVING = {"OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
"""Read when numpy and FAISS load: a question's products are too small to share out among threads, and threads that spin
for work take the processor from the encoder; with both a question took up to ten times as long on a busy machine."""


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
    settings = flags.read_settings(**locals())
    for name, value in SERVING.items():
        os.environ.setdefault(name, value)
    from service import opening, server

    server.serve(settings, partial(opening.open_warm, settings))


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
    settings = flags.read_settings(
        data=data, model=model, models=models, encoder=encoder, reranker=reranker, threshold=threshold
    )
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
    settings = flags.read_settings(
        data=data, model=model, models=models, encoder=encoder, reranker=reranker, threshold=threshold
    )
    from service import commands

    commands.mcp(settings)


def tools() -> None:
    """Print the agents' tools as function-calling APIs take them."""
    from service import commands

    commands.tools()
