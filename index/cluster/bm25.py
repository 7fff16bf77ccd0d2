"""BM25 over rows of PostgreSQL, with the statistics of one revision and the formula of `index.search.bm25`."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.cluster.database.statistics import Totals, frequencies_at
from wherefrom.index.cluster.rows import Row
from wherefrom.index.engine import Term
from wherefrom.index.search.bm25 import (
    CACHED_TERMS,
    LESSER_WEIGHT,
    Floats,
    average_length,
    inverse_document_frequency,
    length_norms,
    saturated,
)


class TermStatistics:
    """A cache of the document frequencies of terms at one revision, shared by all its questions. Thread-safe."""

    def __init__(self, totals: Totals) -> None:
        self.totals = totals
        self.average = average_length(totals.terms, totals.passages)
        self._known: BoundedCache[str, tuple[int, int]] = BoundedCache(CACHED_TERMS)
        self._prefixes: BoundedCache[str, tuple[bool]] = BoundedCache(CACHED_TERMS)

    def load(self, db: Database, terms: Iterable[Term]) -> Mapping[str, tuple[int, int]]:
        """Return the number and the document frequency of each variant of some terms; (0, 0) for an unknown one."""
        wanted = dict.fromkeys(variant for term in terms for variant in variants_of(term))
        found = {term: held for term in wanted if (held := self._known.get(term)) is not None}
        missing = [term for term in wanted if term not in found]
        if missing:
            read = frequencies_at(db, self.totals.revision, missing)
            for term in missing:
                found[term] = read.get(term, (0, 0))
                self._known.put(term, found[term])
        return found

    def has_prefix(self, db: Database, prefix: str) -> bool:
        """Return whether any paragraph has a term with this prefix."""
        return self._prefixes.get_or_compute(prefix, lambda: (self._find_prefix(db, prefix),))[0]

    def _find_prefix(self, db: Database, prefix: str) -> bool:
        query = """SELECT 1 FROM terms WHERE key >= %s AND key < %s AND paragraphs > coalesce((
            SELECT sum(later.paragraphs) FROM term_changes AS later
            WHERE later.number = terms.number AND later.revision > %s), 0) LIMIT 1"""
        start = prefix.encode()
        return db.execute(query, (start, start + b"\xff", self.totals.revision)).fetchone() is not None


class Bm25:
    """BM25 for the questions of one state."""

    def __init__(self, db: Database, statistics: TermStatistics) -> None:
        self._db = db
        self.statistics = statistics

    def has(self, term: Term) -> bool:
        """Return whether any paragraph has a term, or one of its variants."""
        return self._frequency(term) > 0

    def has_all(self, terms: Sequence[Term]) -> bool:
        """Return whether each of some terms, or one of its variants, occurs in any paragraph; reads all at once."""
        self.statistics.load(self._db, terms)
        return all(map(self.has, terms))

    def idf(self, term: Term) -> float:
        """Return the inverse document frequency of a term; the highest for an unknown one."""
        return inverse_document_frequency(self._frequency(term), self.statistics.totals.passages)

    def weights(self, terms: Sequence[Term], lesser: Sequence[Term]) -> dict[int, float]:
        """Return the sum of the inverse document frequencies of a question's terms, by term number of each variant."""
        known = self.statistics.load(self._db, [*terms, *lesser])
        weights: dict[int, float] = {}
        for term, factor in [*((term, 1.0) for term in terms), *((term, float(LESSER_WEIGHT)) for term in lesser)]:
            for variant in variants_of(term):
                number, frequency = known[variant]
                if frequency:
                    weights[number] = weights.get(number, 0.0) + factor * self.idf(term)
        return weights

    def scores(self, rows: Sequence[Row], terms: Sequence[Term], lesser: Sequence[Term]) -> Floats:
        """Return the score of each row, shape (rows,), summed in the order of the question's terms."""
        known = self.statistics.load(self._db, [*terms, *lesser])
        scores = np.zeros(len(rows), dtype=np.float32)
        if not rows:
            return scores
        norms = length_norms(np.array([row.length for row in rows], dtype=np.int32), self.statistics.average)
        for term, factor in [*((term, None) for term in terms), *((term, LESSER_WEIGHT) for term in lesser)]:
            numbers = [known[variant][0] for variant in variants_of(term)]
            counts = np.array([max(row.counts.get(number, 0) for number in numbers) for row in rows], dtype=np.float32)
            held = np.flatnonzero(counts)
            added = np.float32(self.idf(term)) * saturated(counts[held], norms[held])
            scores[held] += added if factor is None else factor * added
        return scores

    def _frequency(self, term: Term) -> int:
        known = self.statistics.load(self._db, [term])
        return sum(known[variant][1] for variant in variants_of(term))


def variants_of(term: Term) -> tuple[str, ...]:
    """Return the variants of a term."""
    return (term,) if isinstance(term, str) else term


def document_weights(counts: Mapping[int, int], length: int, average: float) -> dict[int, float]:
    """Return the weight of each term in a paragraph, by term number: the paragraph's sparse vector in Milvus."""
    numbers = [number for number, count in counts.items() if count]
    norms = length_norms(np.array([length], dtype=np.int32), average)
    values = saturated(np.array([counts[number] for number in numbers], dtype=np.float32), norms)
    return dict(zip(numbers, values.tolist(), strict=True))
