"""Which terms occur in which documents, read from PostgreSQL and cached: a version of a document never changes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.cluster.database.connections import Database, translating_errors

CACHED_PAIRS = 131_072
"""Number of pairs of a version and a term that are cached, of about 200 bytes each."""


class DocumentTerms:
    """The cache of one process, shared by all its questions. Thread-safe."""

    def __init__(self) -> None:
        self._known: BoundedCache[tuple[int, int], bool] = BoundedCache(CACHED_PAIRS)

    def present(self, db: Database, versions: Sequence[int], numbers: Collection[int]) -> Mapping[int, set[int]]:
        """Return by version which of the terms with these numbers occur in any of its paragraphs.

        Pairs that are not cached are read with one statement.
        """
        wanted = [(version, number) for version in dict.fromkeys(versions) for number in numbers]
        found = {pair: held for pair in wanted if (held := self._known.get(pair)) is not None}
        missing = [pair for pair in wanted if pair not in found]
        if missing:
            read = _read(db, {version for version, _ in missing}, {number for _, number in missing})
            for pair in missing:
                found[pair] = pair in read
                self._known.put(pair, found[pair])
        present: defaultdict[int, set[int]] = defaultdict(set)
        for (version, number), occurs in found.items():
            if occurs:
                present[version].add(number)
        return present


def _read(db: Database, versions: Collection[int], numbers: Collection[int]) -> set[tuple[int, int]]:
    """Return the pairs of a version and the number of a term that occurs in it."""
    query = """SELECT DISTINCT version, term FROM paragraphs, unnest(terms, counts) AS counted(term, count)
        WHERE version = ANY(%s) AND terms && %s::bigint[] AND term = ANY(%s) AND count > 0"""
    wanted = list(numbers)
    with translating_errors():
        return {(version, term) for version, term in db.execute(query, (list(versions), wanted, wanted))}
