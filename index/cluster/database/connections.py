"""Connections to PostgreSQL: sessions, transactions, locks, a pool, and the translation of PostgreSQL's errors."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.conninfo import conninfo_to_dict

from wherefrom.index.errors import EngineUnavailable, IndexDamaged, IndexLocked, IndexUnusable, StorageFull
from wherefrom.index.storage.serialization import UnreadableValue

Database = psycopg.Connection[tuple[Any, ...]]
CONNECT_SECONDS = 5
STATEMENT_SECONDS = 60
"""Time limit of one statement in the database, so that a slow statement fails its request and blocks no thread."""
SILENCE_SECONDS = STATEMENT_SECONDS + 5.0
"""Time without any data from the database after which it counts as hanging; longer than its own limit of statements."""
PING_SECONDS = 3.0
"""Time limit of the check of an idle connection before it is used again."""
LOCK_POLL_SECONDS = 0.05
MAX_IDLE = 32
"""Connections that are kept open between uses."""
READ_ONE_STATE = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
INVALID_DSN = (
    "the connection string of PostgreSQL (--postgres-dsn) is invalid: it has the form"
    " postgresql://user:password@host:port/database. Write @, / and % in a password as %40, %2F and %25"
)
NOTHING_CHANGED = "; nothing was changed"
UNKNOWN_OUTCOME = "; it is not certain that the change was stored: read the document again"


class DatabaseSilent(psycopg.OperationalError):
    """The database has sent nothing for too long; the connection is closed, and the statement's outcome is unknown."""


class WatchedConnection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that stops waiting for a database that hangs. Raises DatabaseSilent.

    Neither PostgreSQL's own statement limit nor TCP keepalives detect this: the operating system of the hanging
    database's machine still answers keepalives.
    """

    silence_seconds = SILENCE_SECONDS
    _is_translating = False

    @contextmanager
    def translating(self) -> Iterator[None]:
        """Translate errors at each statement, since an error may be handled inside the block that reads."""
        self._is_translating = True
        try:
            yield
        finally:
            self._is_translating = False

    def execute(self, *args: Any, **kwargs: Any) -> psycopg.Cursor[tuple[Any, ...]]:  # noqa: ANN401 - as in the base class
        """Execute a statement, and return a cursor with its result."""
        if not self._is_translating:
            return super().execute(*args, **kwargs)
        with translating_errors():
            return super().execute(*args, **kwargs)

    def wait(self, gen: PQGen[RV], *args: Any, **kwargs: Any) -> RV:  # noqa: ANN401 - as in the base class
        """Wait until an operation on the connection is done, and return its result."""
        return super().wait(self._watched(gen), *args, **kwargs)

    def _watched(self, gen: PQGen[RV]) -> PQGen[RV]:
        """Drive an operation of psycopg with the readiness of the socket; raise DatabaseSilent after a long silence."""
        try:
            wanted = next(gen)
            heard_at = time.monotonic()
            while True:
                ready = yield wanted
                if ready:
                    heard_at = time.monotonic()
                elif time.monotonic() - heard_at > self.silence_seconds:
                    self.pgconn.finish()
                    raise DatabaseSilent(f"it has sent nothing for {self.silence_seconds:g} seconds")
                wanted = gen.send(ready)
        except StopIteration as done:
            result: RV = done.value
            return result


class Session:
    """A connection to the database, for one thread at a time. A committed transaction is on disk."""

    def __init__(self, dsn: str) -> None:
        """Connect. Raises EngineUnavailable, or IndexUnusable if the connection string is invalid."""
        _check_dsn(dsn)
        with translating_errors():
            self.db = WatchedConnection.connect(
                dsn,
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                keepalives_idle=5,
                keepalives_interval=2,
                keepalives_count=3,
                tcp_user_timeout=STATEMENT_SECONDS * 1000,
                application_name="wherefrom",
                prepare_threshold=2,
            )
            self.db.silence_seconds = CONNECT_SECONDS
            try:
                self.db.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")
                self.db.execute("SET synchronous_commit = on")
                self._schema = str((self.db.execute("SELECT current_schema()").fetchone() or ("",))[0])
            except BaseException:
                self.close()
                raise
            self.db.silence_seconds = SILENCE_SECONDS
        self._before_commit: list[Callable[[], None]] = []
        self._at_end: list[Callable[[], None]] = []
        self.path = Path("The database")
        """The name of the database in messages that name the catalog's file for the embedded engine."""

    def translating_errors(self) -> AbstractContextManager[None]:
        """Translate PostgreSQL's errors into our own."""
        return translating_errors()

    def answers(self, statement: bytes, seconds: float) -> bool:
        """Return whether the connection executes a statement: the database may have been restarted meanwhile.

        Raises EngineUnavailable if it does not answer within this time.
        """
        self.db.silence_seconds = seconds
        try:
            self.db.execute(statement)
        except DatabaseSilent as error:
            raise EngineUnavailable("PostgreSQL", _line(error)) from error
        except psycopg.Error:
            return False
        finally:
            self.db.silence_seconds = SILENCE_SECONDS
        return self.is_usable

    def close(self) -> None:
        """Close the connection."""
        with suppress(psycopg.Error):
            self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def is_usable(self) -> bool:
        """Whether the connection is open, as far as the client knows."""
        return not self.db.closed and not self.db.broken

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self.db.info.transaction_status != psycopg.pq.TransactionStatus.IDLE

    def before_commit(self, action: Callable[[], None]) -> None:
        """Call `action` inside the open transaction, just before it is committed."""
        self._before_commit.append(action)

    def at_end(self, action: Callable[[], None]) -> None:
        """Call `action` after the open transaction has ended, committed or not."""
        self._at_end.append(action)

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """Commit all changes made inside, or none if an exception is raised; a nested one is part of the outer one."""
        if self.in_transaction:
            yield self.db
            return
        with translating_errors(NOTHING_CHANGED):
            self.db.execute("BEGIN")
            try:
                yield self.db
                for action in self._before_commit:
                    action()
            except BaseException:
                self.roll_back()
                raise
            finally:
                self._before_commit.clear()
                for action in self._at_end:
                    action()
                self._at_end.clear()
        with translating_errors(UNKNOWN_OUTCOME):
            try:
                self.db.execute("COMMIT")
            except BaseException:
                self.roll_back()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[Database]:
        """Read one state of the database, unaffected by concurrent writes; may be nested."""
        if self.in_transaction:
            yield self.db
            return
        with translating_errors():
            self.db.execute(READ_ONE_STATE)
            try:
                yield self.db
            finally:
                self.roll_back()

    def roll_back(self) -> None:
        """Roll back the open transaction, if there is one."""
        with suppress(psycopg.Error):
            if self.in_transaction:
                self.db.execute("ROLLBACK")

    def lock_key(self, name: str) -> int:
        """Return the key of an advisory lock of this collection, which is a schema of the database."""
        return int.from_bytes(sha256(f"{self._schema}\n{name}".encode()).digest()[:8], "big", signed=True)

    def try_lock(self, name: str) -> bool:
        """Take a lock that lasts as long as this connection, unless another one has it."""
        with translating_errors():
            row = self.db.execute("SELECT pg_try_advisory_lock(%s)", (self.lock_key(name),)).fetchone()
        return bool(row and row[0])

    def lock(self, name: str, seconds: float) -> None:
        """Take a lock; wait for it at most this long. Raises IndexLocked."""
        deadline = time.monotonic() + seconds
        while not self.try_lock(name):
            if time.monotonic() >= deadline:
                raise IndexLocked(f"another process has been writing to the collection for {seconds:g} seconds")
            time.sleep(LOCK_POLL_SECONDS)

    def unlock(self, name: str) -> None:
        """Release a lock; a broken connection has released it."""
        with suppress(psycopg.Error):
            self.db.execute("SELECT pg_advisory_unlock(%s)", (self.lock_key(name),))


class SessionPool:
    """Connections to one database. Thread-safe."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._idle: list[Session] = []
        self._turn = threading.Lock()
        self._closed = False

    @contextmanager
    def session(self, first: bytes = b"SELECT 1") -> Iterator[Session]:
        """Hold a connection, for one thread, on which the statement `first` was executed. Raises EngineUnavailable.

        A pooled connection on which the statement fails is replaced. Errors of PostgreSQL are translated.
        """
        session = self._take(first)
        try:
            with translating_errors():
                yield session
        finally:
            session.roll_back()
            self._give_back(session)

    @contextmanager
    def reader(self) -> Iterator[Session]:
        """Hold a connection at one state of the database; errors are translated at each statement."""
        with self.session(READ_ONE_STATE) as session, session.db.translating():
            yield session

    def close(self) -> None:
        """Close every connection; those in use are closed when they are returned."""
        with self._turn:
            self._closed = True
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()

    def _take(self, first: bytes) -> Session:
        if self._closed:
            raise IndexUnusable("the collection was closed")
        while True:
            with self._turn:
                session = self._idle.pop() if self._idle else None
            if session is None:
                return _opened(self._dsn, first)
            is_usable = False
            try:
                is_usable = session.answers(first, PING_SECONDS)
            finally:
                if not is_usable:
                    session.close()
            if is_usable:
                return session

    def _give_back(self, session: Session) -> None:
        with self._turn:
            keep = not self._closed and session.is_usable and len(self._idle) < MAX_IDLE
            if keep:
                self._idle.append(session)
        if not keep:
            session.close()


def _check_dsn(dsn: str) -> None:
    """Raise IndexUnusable, with no part of it, if a connection string cannot be read.

    PostgreSQL's client would take a part of a password that is not encoded for a host or a port, and name it.
    """
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        raise IndexUnusable(INVALID_DSN) from None
    hosts, ports = (str(parts.get(name) or "").split(",") for name in ("host", "port"))
    if any("@" in host[1:] for host in hosts) or not all(port.isdigit() for port in ports if port):
        raise IndexUnusable(INVALID_DSN)


def _opened(dsn: str, first: bytes) -> Session:
    """Connect, and execute a statement. Raises EngineUnavailable."""
    session = Session(dsn)
    try:
        with translating_errors():
            session.db.execute(first)
    except BaseException:
        session.close()
        raise
    return session


@contextmanager
def translating_errors(outcome: str = "") -> Iterator[None]:
    """Translate PostgreSQL's errors into our own; `outcome` tells in their messages whether a change was made."""
    try:
        yield
    except UnreadableValue as error:
        raise IndexDamaged(f"the database is damaged ({error}){outcome}. Restore it from a backup") from error
    except psycopg.errors.DiskFull as error:
        raise StorageFull(f"PostgreSQL has no room on its disk{outcome}: make room and try again") from error
    except psycopg.errors.DataCorrupted as error:
        raise IndexDamaged(f"the database is damaged ({_line(error)}){outcome}. Restore it from a backup") from error
    except psycopg.errors.QueryCanceled as error:
        raise EngineUnavailable("PostgreSQL", f"a statement took over {STATEMENT_SECONDS} seconds{outcome}") from error
    except psycopg.errors.ReadOnlySqlTransaction as error:  # a standby, while another server takes its place
        raise EngineUnavailable("PostgreSQL", f"{_line(error)}{outcome}") from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise EngineUnavailable("PostgreSQL", f"{_line(error)}{outcome}") from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise IndexUnusable(
            f"PostgreSQL refused a statement: {_line(error)}{outcome}. The user of the connection string needs the"
            " rights to read and change the tables of its schema, and to create them at first and after an update"
        ) from error
    except psycopg.errors.InvalidSchemaName as error:
        raise IndexUnusable(
            f"PostgreSQL refused a statement: {_line(error)}{outcome}. The schema that the connection string names has"
            " to be created first: CREATE SCHEMA"
        ) from error
    except psycopg.Error as error:
        raise IndexUnusable(f"PostgreSQL refused a statement: {_line(error)}{outcome}") from error


def _line(error: Exception) -> str:
    """Return the first line of an error's message, which names no password."""
    return (str(error).strip().splitlines() or ["it does not answer"])[0]
