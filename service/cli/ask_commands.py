"""Commands that answer questions: over HTTP, in a terminal, to agents."""
# ruff: noqa: PLC0415, PLR0913 - imports inside the commands keep --help fast; a parameter is a flag

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import typer

from wherefrom.index.types import DEFAULT_HALF_LIFE_DAYS, AskOptions, Filters
from wherefrom.service.cli import options
from wherefrom.service.cli.options import URL_STARTS, with_settings
from wherefrom.service.schemas.extra_conditions import conditions_from_texts
from wherefrom.service.settings import CLUSTER_SETTINGS, Settings

WRITER_SETTINGS = (
    *("writer", "writer_url", "writer_model", "writer_key", "writer_key_file", "writer_prompt", "writer_seconds"),
)
QUESTION_SETTINGS = (
    "data",
    *CLUSTER_SETTINGS,
    "model",
    "models",
    "encoder",
    "reranker",
    "reranker_seconds",
    "reader",
    "threshold",
    "remembered",
    *WRITER_SETTINGS,
)
THREAD_VARIABLES = {"OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
"""Environment variables that numpy and FAISS read when they load.

A question's matrix products are too small to be split among threads, and threads that spin while they wait take
processor time from the encoder: without these variables a question took up to ten times as long on a busy machine.
"""


def is_missing(path: Path) -> bool:
    """Return whether a path is neither a file, a folder nor a pattern."""
    return not path.exists() and not any(sign in str(path) for sign in "*?[") and str(path) != "-"


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Disable garbage collection during imports, which make no garbage: 1.1 s of imports take 0.9 s."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@with_settings()
def serve(paths: options.ServedPaths = None, *, verbose: options.Verbose = False, settings: Settings) -> None:
    """Serve the page and the HTTP API.

    The given files and folders are indexed first, unless they are unchanged.
    """
    settings = replace(settings, log_level="debug") if verbose else settings
    for name in paths or ():
        if name.lower().startswith(URL_STARTS):
            raise typer.BadParameter(f"{name} is no file or folder; `wherefrom index` reads it", param_hint="PATH")
        if is_missing(Path(name)):
            raise typer.BadParameter(f"{name} does not exist", param_hint="PATH")
    for name, value in THREAD_VARIABLES.items():
        os.environ.setdefault(name, value)
    with without_garbage_collection():
        from wherefrom.service import bootstrap
        from wherefrom.service.api import server
        from wherefrom.service.runtime.opening import Opening

    opening = Opening()
    open_library = partial(bootstrap.open_warm, settings, [*map(Path, paths or ())], opening.report)
    server.serve(settings, open_library, opening=opening)


@with_settings(*QUESTION_SETTINGS)
def ask(
    question: options.Question = None,
    *,
    interactive: options.Interactive = False,
    as_json: options.AsJson = False,
    top_k: options.TopK = 5,
    publisher: options.Publisher = None,
    agency: options.Agency = None,
    author: options.Author = None,
    title: options.Title = None,
    language: options.Language = None,
    published_from: options.PublishedFrom = None,
    published_to: options.PublishedTo = None,
    document_id: options.DocumentId = None,
    extra: options.Extra = None,
    max_per_document: options.MaxPerDocument = None,
    explain: options.Explain = False,
    prefer: options.Prefer = None,
    half_life_days: options.HalfLifeDays = DEFAULT_HALF_LIFE_DAYS,
    effort: options.Effort = None,
    written: options.Written = False,
    verbose: options.Verbose = False,
    settings: Settings,
) -> None:
    """Answer one question, or one after another."""
    if verbose:
        logging.getLogger("wherefrom").setLevel(logging.DEBUG)
    interactive = interactive or (question is None and not as_json and sys.stdin.isatty() and sys.stdout.isatty())
    if question is None and not interactive:
        raise typer.BadParameter("ask something, or add --interactive", param_hint="QUESTION")
    if interactive and as_json:
        raise typer.BadParameter("is for one question, not for a conversation", param_hint="--json")
    filters = Filters(
        publisher=tuple(publisher or ()),
        agency=tuple(agency or ()),
        author=tuple(author or ()),
        title=tuple(title or ()),
        language=tuple(language or ()),
        published_from=published_from,
        published_to=published_to,
        document_id=tuple(document_id or ()),
        extra=conditions_from_texts(extra or ()),
    )
    ask_options = AskOptions(
        top_k=top_k,
        filters=filters,
        max_per_document=max_per_document,
        explain=explain,
        prefer=prefer,
        half_life_days=half_life_days,
        effort=effort,
    )
    from wherefrom.service.cli import interactive as terminal

    if question is None or interactive:
        terminal.ask_repeatedly(settings, ask_options, first=question, written=written)
    else:
        terminal.ask_once(settings, question, ask_options, as_json=as_json, written=written)


@with_settings(*QUESTION_SETTINGS, "threads")
def mcp(*, settings: Settings) -> None:
    """Serve agents on standard input and output (MCP)."""
    from wherefrom.service.bootstrap import open_existing, open_writer
    from wherefrom.service.mcp import server
    from wherefrom.service.runtime.async_library import AsyncLibrary

    server.check_installed()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else the process is to ignore the signal
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's handler would wait for the thread that reads the input
    with open_existing(settings) as library:
        writer = open_writer(settings)

        async def serve_agents() -> None:
            agents = AsyncLibrary(library, threads=settings.threads, writer=writer)
            try:
                await server.serve_stdio(agents)
            finally:
                agents.close()
                if writer is not None:
                    await writer.close()

        with _dropping_output_to_nobody():
            asyncio.run(serve_agents())
    _end_beside_threads()


@contextmanager
def _dropping_output_to_nobody() -> Iterator[None]:
    """End the block if nobody reads standard output any more, and drop what was not written."""
    try:
        yield
    except* BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _end_beside_threads() -> None:
    """End the process if threads still work for an agent that has left: Python's own end would abort in them."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def tools() -> None:
    """Print the agents' tools in the format of function-calling APIs."""
    from wherefrom.service.mcp.tools import openai_tools
    from wherefrom.service.schemas.serialization import json_bytes

    typer.echo(json_bytes(openai_tools()))
