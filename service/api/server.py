"""The server process: binds the port, runs the application under uvicorn, shuts down cleanly."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from uvicorn import Config, Server

from wherefrom.index.errors import WherefromError
from wherefrom.index.library import Library
from wherefrom.service.api.app import create_app
from wherefrom.service.api.middleware.access_control import describe_access
from wherefrom.service.api.uvicorn_protocol import ProblemProtocol
from wherefrom.service.environment import port_warning
from wherefrom.service.observability.logs import logging_config
from wherefrom.service.runtime.opening import Opening
from wherefrom.service.settings import Settings

JOIN_SECONDS = 0.2
KEEP_ALIVE_SECONDS = 75
"""Longer than the 60 s for which proxies keep an idle connection, so that the proxy closes first."""
HANGUP = getattr(signal, "SIGHUP", None)
"""Sent when a terminal closes; Windows has no such signal."""
log = logging.getLogger(__name__)


class AddressUnavailable(WherefromError):
    """The server cannot listen on its address."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        super().__init__(f"cannot listen on {host}:{port}: {error.strerror}")


def serve(settings: Settings, open_library: Callable[[], Library], *, opening: Opening | None = None) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP, and answer running requests before exiting.

    The port opens at once; until `open_library` returns, requests are refused with the reason of `opening`. If SIGHUP
    is ignored, as under nohup, it stays ignored. Raise AddressUnavailable, or what `open_library` raises.
    """
    with bind(settings.host, settings.port) as listener:
        for number in (signal.SIGTERM, signal.SIGINT, *_hangup()):
            signal.signal(number, _exit)
        try:
            with asyncio.Runner(loop_factory=_new_event_loop) as runner:
                app = create_app(settings, open_library, opening=opening or Opening())
                runner.run(run(app, listener, settings))
        except SystemExit:
            _abandon_threads()
            raise


def bind(host: str, port: int) -> socket.socket:
    """Bind the port without listening yet."""
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
    """Run the application's lifespan and serve on `listener`; end if the library cannot be opened.

    The lifespan is entered here and not by uvicorn, which would log its errors as tracebacks.
    """
    server = AnnouncedServer(uvicorn_config(app, settings))
    if warning := port_warning(os.environ):
        log.warning("%s", warning)
    log.info("%s", describe_access(settings))
    log.info("Opening %s", settings.data)
    exit_request: SystemExit | None = None
    async with app.router.lifespan_context(app):
        holding: asyncio.Task[None] = app.state.holding
        holding.add_done_callback(server.end)
        announcing = asyncio.create_task(_announce(app, listener))
        try:
            await server.serve([listener])
        except SystemExit as error:  # raised here, a task group in the lifespan would wrap it in an exception group
            exit_request = error
        announcing.cancel()
        if holding.done():
            holding.result()
    if exit_request is not None:
        raise exit_request


async def _announce(app: FastAPI, listener: socket.socket) -> None:
    """Log the address once the library is open and questions are answered."""
    await app.state.is_open.wait()
    # Existing objects live until the end: scanning them in every collection took 2 % of the time, in pauses of 20 ms.
    gc.freeze()
    app.state.extraction_pool.warm_up()
    log.info("Serving on %s", _url(listener))


def _url(listener: socket.socket) -> str:
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class AnnouncedServer(Server):
    """Uvicorn's server, which logs its address once it listens, and ends at SIGHUP as it does at SIGTERM."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals while the server runs; afterwards uvicorn raises the signal that ended it again."""
        with super().capture_signals():
            previous = {number: signal.signal(number, self.handle_exit) for number in _hangup()}
            try:
                yield
            finally:
                for number, handler in previous.items():
                    signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        for listener in sockets or ():
            log.info("Listening on %s; the page says when questions are answered", _url(listener))

    def end(self, _: object) -> None:
        """Stop serving."""
        self.should_exit = True


def uvicorn_config(app: FastAPI, settings: Settings) -> Config:
    """Return uvicorn's configuration for the settings."""
    return Config(
        app,
        lifespan="off",
        http=ProblemProtocol,
        ws="none",
        server_header=False,
        proxy_headers=False,  # the application's own middleware handles them
        log_config=logging_config(settings.log_level, settings.log_format),
        log_level=settings.log_level,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


def _new_event_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's event loop, or asyncio's on Windows, where uvloop cannot be installed."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop  # noqa: PLC0415

    return uvloop.new_event_loop()


def _hangup() -> tuple[signal.Signals, ...]:
    """Return SIGHUP if this platform has it, this thread may handle it, and the process does not ignore it."""
    if HANGUP is None or threading.current_thread() is not threading.main_thread():
        return ()
    return () if signal.getsignal(HANGUP) is signal.SIG_IGN else (HANGUP,)


def _exit(*_: object) -> None:
    """Exit with code 0; uvicorn raises the signal again after it has shut down."""
    raise SystemExit(0)


def _abandon_threads() -> None:
    """Exit without waiting for requests that outlast the shutdown time, whose threads Python would join."""
    threads = [
        thread for thread in threading.enumerate() if thread is not threading.main_thread() and not thread.daemon
    ]
    for thread in threads:
        thread.join(JOIN_SECONDS)
    if any(thread.is_alive() for thread in threads):
        log.warning("Exiting while requests, or the reading of files, are still running: they did not finish in time")
        os._exit(0)
