"""The statistics of BM25, updated in the transaction that changes documents: term numbers and document frequencies.

The table `changes` has the totals after each revision; `term_changes` has the change of a term's document frequency by
each revision that is not searched yet. So the statistics of the searched revision are exact despite later writes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from wherefrom.index.cluster.database.connections import Database, Session
from wherefrom.index.storage.digests import add_to_corpus
from wherefrom.index.storage.schema import EMPTY_CORPUS

MAX_TERM_BYTES = 1_000
"""Maximum length of a stored term, in bytes; a longer term is cut and its hash appended: index keys are limited."""


def term_key(term: str) -> bytes:
    """Return the stored form of a term."""
    encoded = term.encode()
    if len(encoded) <= MAX_TERM_BYTES:
        return encoded
    return encoded[:MAX_TERM_BYTES] + sha256(encoded).hexdigest().encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The totals of a collection after a revision: documents, paragraphs, terms of all paragraphs, and corpus hash."""

    revision: int = 0
    documents: int = 0
    passages: int = 0
    terms: int = 0
    corpus: str = EMPTY_CORPUS


def totals_at(db: Database, revision: int | None = None) -> Totals:
    """Return the totals after a revision, by default the last one."""
    query = """SELECT revision, documents, passages, terms, corpus FROM changes
        WHERE %s::bigint IS NULL OR revision <= %s ORDER BY revision DESC LIMIT 1"""
    row = db.execute(query, (revision, revision)).fetchone()
    if row is None:
        return Totals()
    return Totals(revision=row[0], documents=row[1], passages=row[2], terms=row[3], corpus=row[4])


class Change:
    """The revision that a transaction creates; it updates the statistics when the transaction is committed."""

    def __init__(self, session: Session) -> None:
        self._db = session.db
        self._before = totals_at(self._db)
        self.revision = self._before.revision + 1
        self._documents = self._passages = self._terms = 0
        self._corpus = self._before.corpus
        self._by_term: Counter[int] = Counter()
        self._by_field: Counter[tuple[int, str]] = Counter()
        self._digests: dict[str, str | None] = {}
        session.before_commit(self._store)

    def count(self, document_id: str, digest: str, *, passages: int, terms: int, sign: int) -> None:
        """Add a document to the totals (sign 1) or subtract it (-1)."""
        self._documents += sign
        self._passages += sign * passages
        self._terms += sign * terms
        self._corpus = add_to_corpus(self._corpus, digest, sign=sign)
        self._digests[document_id] = digest if sign > 0 else None

    def count_terms(self, terms: Iterable[int], *, sign: int) -> None:
        """Add a paragraph to the document frequency of each of its terms, or subtract it."""
        for number in terms:
            self._by_term[number] += sign

    def count_fields(self, keys: Mapping[int, str], *, sign: int) -> None:
        """Add a document to the counts of its field keys, given with their hashes, or subtract it."""
        for item in keys.items():
            self._by_field[item] += sign

    def _store(self) -> None:
        before = self._before
        self._db.execute(
            "INSERT INTO changes (revision, documents, passages, terms, corpus) VALUES (%s, %s, %s, %s, %s)",
            (
                self.revision,
                before.documents + self._documents,
                before.passages + self._passages,
                before.terms + self._terms,
                self._corpus,
            ),
        )
        self._db.execute(
            """INSERT INTO document_changes SELECT %s, document_id, digest
            FROM unnest(%s::text[], %s::text[]) AS changed (document_id, digest)""",
            (self.revision, list(self._digests), list(self._digests.values())),
        )
        changed = {number: delta for number, delta in self._by_term.items() if delta}
        numbers, deltas = list(changed), list(changed.values())
        self._db.execute(
            """UPDATE terms SET paragraphs = terms.paragraphs + changed.delta
            FROM unnest(%s::bigint[], %s::bigint[]) AS changed (number, delta) WHERE terms.number = changed.number""",
            (numbers, deltas),
        )
        self._db.execute(
            """INSERT INTO term_changes (revision, number, paragraphs)
            SELECT %s, number, delta FROM unnest(%s::bigint[], %s::bigint[]) AS changed (number, delta)""",
            (self.revision, numbers, deltas),
        )
        fields = {item: delta for item, delta in self._by_field.items() if delta}
        self._db.execute(
            """INSERT INTO field_keys (hash, key, documents)
            SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[])
            ON CONFLICT (hash) DO UPDATE SET documents = field_keys.documents + excluded.documents""",
            ([each for each, _ in fields], [key for _, key in fields], list(fields.values())),
        )


def number_terms(db: Database, terms: Collection[str]) -> Mapping[str, int]:
    """Return the number of each term, and number new terms. The caller holds the write lock."""
    keys = {term_key(term): term for term in terms}
    numbers = _numbers(db, list(keys))
    new = [key for key in keys if key not in numbers]
    if new:
        query = "UPDATE collection SET next_term = next_term + %s RETURNING next_term - %s"
        (first,) = db.execute(query, (len(new), len(new))).fetchone() or (0,)
        added = {key: first + place for place, key in enumerate(sorted(new))}
        db.execute(
            "INSERT INTO terms SELECT *, 0 FROM unnest(%s::bytea[], %s::bigint[])",
            (list(added), list(added.values())),
        )
        numbers |= added
    return {term: numbers[key] for key, term in keys.items()}


def _numbers(db: Database, keys: Sequence[bytes]) -> dict[bytes, int]:
    rows = db.execute("SELECT key, number FROM terms WHERE key = ANY(%s)", (keys,))
    return {bytes(key): number for key, number in rows}


def frequencies_at(db: Database, revision: int, terms: Collection[str]) -> Mapping[str, tuple[int, int]]:
    """Return the number and the document frequency, after a revision, of each known term."""
    keys = {term_key(term): term for term in terms}
    query = """SELECT key, number, paragraphs - coalesce((SELECT sum(later.paragraphs) FROM term_changes AS later
            WHERE later.number = terms.number AND later.revision > %s), 0)
        FROM terms WHERE key = ANY(%s)"""
    rows = db.execute(query, (revision, list(keys)))
    return {keys[bytes(key)]: (number, int(paragraphs)) for key, number, paragraphs in rows}
