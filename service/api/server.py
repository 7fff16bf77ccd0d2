"""The application in a process of its own, from a bound port to a clean end."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable

from fastapi import FastAPI
from uvicorn import Config, Server

from wherefrom.index.errors import WherefromError
from wherefrom.index.library import Library
from wherefrom.service.api.app import create_app
from wherefrom.service.api.uvicorn_protocol import ProblemProtocol
from wherefrom.service.observability.logs import logging_config
from wherefrom.service.settings import Settings

THREAD_SECONDS = 0.2
KEEP_ALIVE_SECONDS = 75
"""Longer than the 60 s that proxies keep an idle connection: who closes first must not be who answers."""
log = logging.getLogger(__name__)


class AddressUnavailable(WherefromError):
    """The server cannot listen where it was told to."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        super().__init__(f"cannot listen on {host}:{port}: {error.strerror}")


def serve(settings: Settings, open_library: Callable[[], Library]) -> None:
    """Serve until SIGTERM or SIGINT; requests that run then are answered first.

    Raise AddressUnavailable, or what `open_library` raises, before anything is served.
    """
    with bind(settings.host, settings.port) as listener:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)
        try:
            with asyncio.Runner(loop_factory=_loop) as runner:
                runner.run(run(create_app(settings, open_library), listener, settings))
        except SystemExit:
            _leave_threads()
            raise


def bind(host: str, port: int) -> socket.socket:
    """Take the port without listening yet: until there is an answer, clients are refused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressUnavailable(host, port, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise AddressUnavailable(host, port, error) from error
    return listener


async def run(app: FastAPI, listener: socket.socket, settings: Settings) -> None:
    """Open the application, serve it, close it.

    The lifespan is entered here and not by uvicorn, which would log its errors as tracebacks.
    """
    server = AnnouncedServer(config(app, settings))
    log.info("Opening %s", settings.data)
    end: SystemExit | None = None
    async with app.router.lifespan_context(app):
        gc.freeze()  # what is there now stays: looking it through again and again took 2 % of the time, 20 ms in one go
        try:
            await server.serve([listener])
        except SystemExit as told:  # a task group in the lifespan would make a group of it
            end = told
    if end is not None:
        raise end


class AnnouncedServer(Server):
    """Uvicorn's server, saying where it listens once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        for each in sockets or ():
            host, port, *_ = each.getsockname()
            log.info("Serving on http://%s:%d", f"[{host}]" if ":" in host else host, port)


def config(app: FastAPI, settings: Settings) -> Config:
    """Translate the settings for uvicorn."""
    return Config(
        app,
        lifespan="off",
        http=ProblemProtocol,
        server_header=False,
        proxy_headers=settings.trusted_proxies is not None,
        forwarded_allow_ips=settings.trusted_proxies,
        log_config=logging_config(settings.log_level, settings.log_format),
        log_level=settings.log_level,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


def _loop() -> asyncio.AbstractEventLoop:
    """Make uvloop's event loop, where it can be installed."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop  # noqa: PLC0415

    return uvloop.new_event_loop()


def _end(*_: object) -> None:
    """Leave with exit code 0; uvicorn raises the signal again when it has shut down."""
    raise SystemExit(0)


def _leave_threads() -> None:
    """Do not wait for requests that outlast the patience: Python would, for as long as their threads work."""
    ours = [each for each in threading.enumerate() if each is not threading.main_thread() and not each.daemon]
    for each in ours:
        each.join(THREAD_SECONDS)
    if any(each.is_alive() for each in ours):
        log.warning("Leaving requests that did not end in time")
        os._exit(0)
