"""Brings Milvus up to date with PostgreSQL: any process may do it, and only one at a time.

Versions that were born after the revision that Milvus holds are added; versions that died before the grace period are
deleted. Repeating a step is harmless. A build is created from PostgreSQL alone; nothing is embedded.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wherefrom.index.cluster.bm25 import document_weights
from wherefrom.index.cluster.database.connections import Database, Session
from wherefrom.index.cluster.database.statistics import totals_at
from wherefrom.index.cluster.filters import number_field
from wherefrom.index.cluster.milvus import KINDS, NO_TERMS, SENTENCE_BITS, UNKNOWN_TIME, Milvus, collection_name
from wherefrom.index.embedding.paragraph_vectors import load_paragraph_vectors
from wherefrom.index.errors import WherefromError
from wherefrom.index.search.bm25 import average_length

log = logging.getLogger(__name__)

LOCK = "milvus"
THREAD = "wherefrom-milvus"
"""The name of the thread that keeps Milvus up to date."""
BATCH_PARAGRAPHS = 2_000
"""Maximum number of paragraphs of several revisions that are added together, before the served revision is updated."""
PORTION = 200
"""Number of paragraphs that are sent to Milvus at a time."""
GRACE_SECONDS = 60
"""Time for which dead versions and replaced builds are kept: longer than any question takes."""
MAX_DEAD = 10_000
"""Maximum number of dead versions, which every search excludes by number; beyond it, no revision is added."""
POLL_SECONDS = 0.5
COUNT_SECONDS = 30.0
"""Interval at which the rows in Milvus are counted again, since its client hides a short restart."""
CLOSE_SECONDS = 5.0
"""Time for which closing waits for the thread."""
MIN_PASSAGES, MAX_DRIFT = 1_000, 0.25
"""Number of paragraphs, and relative change of their average length, from which the term weights are computed again.

Scores are computed exactly from PostgreSQL; the weights in Milvus only select the paragraphs to score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """The collections of Milvus that are searched: their number, their revision, and the average paragraph length."""

    number: int
    served: int
    average: float | None


def current_build(db: Database) -> Build | None:
    """Return the build that is searched, `None` before there is one."""
    row = db.execute("SELECT build, served, average FROM builds WHERE is_current").fetchone()
    return None if row is None else Build(number=row[0], served=row[1], average=row[2])


def build_name(db: Database, number: int) -> str:
    """Return the prefix of the names of a build's collections."""
    row = db.execute("SELECT name FROM collection").fetchone()
    return collections_name(row[0] if row else "", number)


def collections_name(collection: str, build: int) -> str:
    """Return the prefix of the names of a build's collections; `collection` is the name stored in the database."""
    return f"wherefrom_{collection}_{build}"


class Indexer:
    """Keeps Milvus up to date in a thread of its own, as long as it is open."""

    def __init__(self, dsn: str, milvus: Milvus) -> None:
        self._dsn = dsn
        self._milvus = milvus
        self._session: Session | None = None
        self._turn = threading.Lock()
        self._wake = threading.Event()
        self._is_closed = False
        self._counted: tuple[int, int] | None = None
        """The build whose rows were counted last, and the number of failed calls at that time."""
        self._counted_at = 0.0
        self._thread = threading.Thread(target=self._run, name=THREAD, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Wake the thread, since there is work."""
        self._wake.set()

    def close(self) -> None:
        """Close the connection to Milvus, which aborts the current step, and stop the thread.

        If the database hangs, closing does not wait for it: the thread ends when its statement does.
        """
        self._is_closed = True
        self._wake.set()
        self._milvus.close()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)
        if self._turn.acquire(timeout=CLOSE_SECONDS):
            self._disconnect()
            self._turn.release()

    def step(self) -> bool:
        """Do the next step of the work, and return whether there may be more.

        Returns false as well while another process does the work. Raises EngineUnavailable.
        """
        with self._turn:
            if self._is_closed:
                return False
            try:
                session = self._connected()
                if not session.try_lock(LOCK):
                    return False
                try:
                    with session.translating_errors():
                        return self._step(session)
                finally:
                    session.unlock(LOCK)
            except BaseException:
                self._counted = None
                self._disconnect()
                raise
            finally:
                self._disconnect_if_closed()

    def _run(self) -> None:
        failure = ""
        while not self._is_closed:
            self._wake.clear()
            try:
                while not self._is_closed and self.step():
                    pass
                failure = ""
            except WherefromError as error:
                if str(error) != failure and not self._is_closed:
                    failure = str(error)
                    log.warning("Milvus cannot be brought up to date now: %s", error)
            except Exception:
                log.exception("Milvus cannot be brought up to date")
            self._wake.wait(POLL_SECONDS)

    def _connected(self) -> Session:
        if self._session is None or not self._session.is_usable:
            self._disconnect()
            self._session = Session(self._dsn)
        return self._session

    def _disconnect_if_closed(self) -> None:
        if self._is_closed:
            self._disconnect()

    def _disconnect(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _step(self, session: Session) -> bool:
        db = session.db
        build = current_build(db)
        if build is not None and not self._is_whole(db, build):
            db.execute("UPDATE builds SET is_current = false, ended = now() WHERE build = %s", (build.number,))
            build = None
        if build is None or _has_drifted(db, build):
            self._rebuild(session, build)
            return True
        if self._advance(session, build):
            return True
        return self._sweep(db, build)

    def _is_whole(self, db: Database, build: Build) -> bool:
        """Return whether Milvus has both collections of a build, each with as many rows as it should have.

        They are counted at the start, after each failure, and every COUNT_SECONDS.
        """
        name = build_name(db, build.number)
        if not self._milvus.has(name):
            log.warning("The collections %s are not in Milvus", name)
            return False
        failures = self._milvus.failures
        if self._counted == (build.number, failures) and time.monotonic() < self._counted_at + COUNT_SECONDS:
            return True
        query = "SELECT version FROM versions WHERE died <= %s"
        dead = [row[0] for row in db.execute(query, (build.served,))]
        query = """SELECT coalesce(sum(passages), 0), coalesce(sum(sentences), 0) FROM versions
            WHERE born <= %s AND (died IS NULL OR died > %s)"""
        expected = db.execute(query, (build.served, build.served)).fetchone() or (0, 0)
        for kind, rows in zip(KINDS, map(int, expected), strict=True):
            held = self._milvus.count(name, kind, f"born <= {build.served} and version not in {dead}")
            if held < rows:
                log.warning("The collection %s has %d rows of %d", collection_name(name, kind), held, rows)
                return False
        self._counted, self._counted_at = (build.number, failures), time.monotonic()
        return True

    def _rebuild(self, session: Session, old: Build | None) -> None:
        """Create new collections from the database, and make them the current build."""
        db = session.db
        (number,) = db.execute("SELECT coalesce(max(build), 0) + 1 FROM builds").fetchone() or (1,)
        (dimension,) = db.execute("SELECT dimension FROM collection").fetchone() or (0,)
        name = build_name(db, number)
        db.execute("INSERT INTO builds (build) VALUES (%s)", (number,))
        totals = totals_at(db)
        average = average_length(totals.terms, totals.passages) if totals.passages else None
        log.info("Building the collections %s of Milvus for %d paragraphs", name, totals.passages)
        self._milvus.create(name, dimension)
        batches = _in_batches(_versions(db, -1, totals.revision))
        written = max((self._put(db, name, versions, average) for versions in batches), default=UNKNOWN_TIME)
        with session.transaction():
            db.execute("UPDATE builds SET is_current = false, ended = now() WHERE is_current OR build < %s", (number,))
            db.execute(
                "UPDATE builds SET is_current = true, served = %s, written = %s, average = %s WHERE build = %s",
                (totals.revision, written, average, number),
            )
            _forget_terms(db, totals.revision)
        if old is not None:
            log.info("The collections %s of Milvus are searched from now on", name)

    def _advance(self, session: Session, build: Build) -> bool:
        """Add the versions of the next revisions; return whether there may be more to do."""
        db = session.db
        latest = totals_at(db).revision
        if latest <= build.served:
            return False
        query = "SELECT count(*) FROM versions WHERE died IS NOT NULL"
        (dead,) = db.execute(query).fetchone() or (0,)
        if dead > MAX_DEAD:
            return self._sweep(db, build)
        target = _next_target(db, build.served, latest)
        average = build.average
        if average is None:
            totals = totals_at(db, target)
            average = average_length(totals.terms, totals.passages) if totals.passages else None
        name = build_name(db, build.number)
        batches = _in_batches(_versions(db, build.served, target))
        written = max((self._put(db, name, versions, average) for versions in batches), default=UNKNOWN_TIME)
        with session.transaction():
            db.execute(
                """UPDATE builds SET served = %s, written = greatest(written, %s), average = %s
                WHERE build = %s AND served <= %s""",
                (target, written, average, build.number, target),
            )
            _forget_terms(db, target)
        return True

    def _sweep(self, db: Database, build: Build) -> bool:
        """Delete versions that died long ago, and builds that were replaced; return whether there may be more."""
        query = """SELECT version FROM versions JOIN changes ON revision = died
            WHERE died <= %s AND at < clock_timestamp() - make_interval(secs => %s) ORDER BY version LIMIT %s"""
        dead = [row[0] for row in db.execute(query, (build.served, GRACE_SECONDS, PORTION))]
        if dead:
            self._milvus.delete_versions(build_name(db, build.number), dead)
            db.execute("DELETE FROM versions WHERE version = ANY(%s)", (dead,))
        query = """SELECT build FROM builds
            WHERE NOT is_current AND ended < clock_timestamp() - make_interval(secs => %s)"""
        for (number,) in db.execute(query, (GRACE_SECONDS,)).fetchall():
            self._milvus.drop(build_name(db, number))
            db.execute("DELETE FROM builds WHERE build = %s", (number,))
        return len(dead) == PORTION

    def _put(self, db: Database, name: str, versions: Sequence[int], average: float | None) -> int:
        """Add the paragraphs and sentences of versions, a portion at a time; return the time of the last write."""
        query = """SELECT paragraph, version, born, published, keys, text_key, length, paragraphs.terms, counts, vector,
            vectors.sentences FROM paragraphs JOIN versions USING (version) JOIN vectors USING (paragraph)
            WHERE version = ANY(%s) AND paragraph > %s ORDER BY paragraph LIMIT %s"""
        by_version = _numbers(db, versions)
        last, written = 0, UNKNOWN_TIME
        while rows := db.execute(query, (versions, last, PORTION)).fetchall():
            paragraphs: list[dict[str, object]] = []
            sentences: list[dict[str, object]] = []
            for paragraph, version, born, published, keys, text_key, length, terms, counts, vector, stored in rows:
                loaded = load_paragraph_vectors(vector, stored, b"")
                common = {
                    "text_key": text_key,
                    "version": version,
                    "born": born,
                    "published": published,
                    "keys": keys,
                    "numbers": by_version.get(version, {}),
                }
                weights = document_weights(dict(zip(terms, counts, strict=True)), length, average or 1.0)
                paragraphs.append({"id": paragraph, "vector": loaded.paragraph, "terms": weights or NO_TERMS, **common})
                sentences += [
                    {"id": (paragraph << SENTENCE_BITS) + place, "paragraph": paragraph, "vector": each, **common}
                    for place, each in enumerate(loaded.sentences)
                ]
            written = max(written, self._milvus.put(name, "paragraphs", paragraphs))
            for start in range(0, len(sentences), 5 * PORTION):
                written = max(written, self._milvus.put(name, "sentences", sentences[start : start + 5 * PORTION]))
            last = rows[-1][0]
        return written


def _has_drifted(db: Database, build: Build) -> bool:
    """Return whether the average length has changed so much that the term weights in Milvus must be renewed."""
    if build.average is None:
        return False
    totals = totals_at(db, build.served)
    if totals.passages < MIN_PASSAGES:
        return False
    return abs(average_length(totals.terms, totals.passages) / build.average - 1) > MAX_DRIFT


def _next_target(db: Database, served: int, latest: int) -> int:
    """Return the revision to bring Milvus to: the next one, or a later one while the sum of paragraphs is small."""
    query = """SELECT revision, coalesce(sum(passages), 0) FROM changes LEFT JOIN versions ON born = revision
        WHERE revision > %s AND revision <= %s GROUP BY revision ORDER BY revision LIMIT 1000"""
    target, paragraphs = served, 0
    for revision, passages in db.execute(query.replace("sum(passages)", "sum(versions.passages)"), (served, latest)):
        paragraphs += int(passages)
        if target > served and paragraphs > BATCH_PARAGRAPHS:
            break
        target = revision
    return target


def _versions(db: Database, served: int, target: int) -> Iterator[tuple[int, int]]:
    """Yield the versions, with the number of their paragraphs, that were born after a revision and live at another."""
    query = """SELECT version, passages FROM versions
        WHERE born > %s AND born <= %s AND (died IS NULL OR died > %s) AND version > %s ORDER BY version LIMIT 1000"""
    last = 0
    while rows := db.execute(query, (served, target, target, last)).fetchall():
        yield from ((row[0], row[1]) for row in rows)
        last = rows[-1][0]


def _in_batches(versions: Iterator[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield versions in batches of about BATCH_PARAGRAPHS."""
    batch: list[int] = []
    paragraphs = 0
    for version, passages in versions:
        batch.append(version)
        paragraphs += passages
        if paragraphs >= BATCH_PARAGRAPHS:
            yield batch
            batch, paragraphs = [], 0
    if batch:
        yield batch


def _numbers(db: Database, versions: Sequence[int]) -> dict[int, dict[str, float]]:
    """Return the numbers in the extra fields of versions, by their keys in Milvus."""
    numbers: dict[int, dict[str, float]] = {}
    query = "SELECT version, name, place, value FROM version_numbers WHERE version = ANY(%s)"
    for version, name, place, value in db.execute(query, (versions,)):
        numbers.setdefault(version, {})[number_field(name, place)] = value
    return numbers


def _forget_terms(db: Database, served: int) -> None:
    """Delete the changes of term frequencies up to the served revision, which no later question needs."""
    db.execute("DELETE FROM term_changes WHERE revision <= %s", (served,))
