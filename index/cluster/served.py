"""The revision that questions are answered from, with its build of Milvus and its totals, read in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.cluster.bm25 import TermStatistics
from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.cluster.database.statistics import Totals
from wherefrom.index.cluster.indexer import collections_name
from wherefrom.index.cluster.scope import CopiesCache, new_copies_cache
from wherefrom.index.search.vocabulary import VocabularyCache
from wherefrom.index.storage import schema
from wherefrom.index.types import IndexInfo

CACHED_REVISIONS = 4
SERVED = """SELECT name, build, served, written, model, model_sha256, model_files, cleaner,
    totals.revision, totals.documents, totals.passages, totals.terms, totals.corpus,
    ARRAY(SELECT version FROM versions WHERE died <= served ORDER BY version)
    FROM collection JOIN builds ON is_current LEFT JOIN LATERAL (
        SELECT * FROM changes WHERE revision <= served ORDER BY revision DESC LIMIT 1) AS totals ON true"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The revision that Milvus holds completely, and its build; `dead` are the versions that died up to this revision.

    `written` is the time, by Milvus's clock, at which the last row of the build was written. `info` describes the
    collection at this revision.
    """

    build: str
    revision: int
    written: int
    totals: Totals
    info: IndexInfo
    dead: Sequence[int]


@dataclass(slots=True, kw_only=True)
class KnownRevision:
    """Caches of one revision, which never changes, shared by all its questions. Thread-safe.

    `copies` has a cache for each value of `newest_copies` (see `ClusterScope`); `languages` is `None` until it is read.
    """

    statistics: TermStatistics
    vocabulary: VocabularyCache = field(default_factory=VocabularyCache)
    copies: Mapping[bool, CopiesCache] = field(
        default_factory=lambda: {newest: new_copies_cache() for newest in (False, True)}
    )
    languages: tuple[str, ...] | None = None


class KnownRevisions:
    """The caches of the last revisions. Thread-safe."""

    def __init__(self) -> None:
        self._known: BoundedCache[tuple[int, str], KnownRevision] = BoundedCache(CACHED_REVISIONS)

    def of(self, totals: Totals) -> KnownRevision:
        """Return the caches of the revision with these totals."""
        key = totals.revision, totals.corpus
        return self._known.get_or_compute(key, lambda: KnownRevision(statistics=TermStatistics(totals)))


def read_served(db: Database) -> Served | None:
    """Return the revision that questions are answered from, `None` before Milvus holds one."""
    row = db.execute(SERVED).fetchone()
    if row is None:
        return None
    name, build, revision, written, model, model_sha256, model_files, cleaner, *counts, dead = row
    names = ("revision", "documents", "passages", "terms", "corpus")
    totals = Totals() if counts[0] is None else Totals(**dict(zip(names, counts, strict=True)))
    identity = {"model_sha256": model_sha256, "model_files": model_files, "cleaner": cleaner}
    return Served(
        build=collections_name(name, build),
        revision=revision,
        written=written,
        totals=totals,
        info=IndexInfo(
            generation=schema.generation({**identity, "corpus": totals.corpus}),
            documents=totals.documents,
            passages=totals.passages,
            model=model,
            model_sha256=model_sha256,
        ),
        dead=dead,
    )
