"""The terms of a revision, for guesses and long forms; see `search.vocabulary.KnownTerms`."""

from collections.abc import Collection, Mapping, Sequence

from wherefrom.index.cluster.bm25 import Bm25, TermStatistics, variants_of
from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.cluster.database.statistics import term_key
from wherefrom.index.cluster.filters import Visible
from wherefrom.index.engine import Term
from wherefrom.index.search.vocabulary import MAX_ROWS, form_of
from wherefrom.index.segments.word_sequences import word_hash
from wherefrom.index.text.acronyms import MARK, LongForm

KEY_BYTES = 8
MAX_FORMS = 10_000
"""Maximum number of long forms with the same first two terms that are compared with a question."""


class DatabaseTerms:
    """The terms of a revision, for one question."""

    def __init__(self, db: Database, statistics: TermStatistics, visible: Visible) -> None:
        self._db = db
        self._statistics = statistics
        self._visible = visible

    def has(self, term: Term) -> bool:
        """Return whether any paragraph has a term, or one of its variants."""
        return self._bm25().has(term)

    def idf(self, term: Term) -> float:
        """Return the inverse document frequency of a term."""
        return self._bm25().idf(term)

    def present(self, wanted: Sequence[str]) -> Collection[str]:
        """Return those of some terms that a paragraph of any revision has."""
        keys = {term_key(term): term for term in wanted}
        rows = self._db.execute("SELECT key FROM terms WHERE key = ANY(%s)", (list(keys),))
        return {keys[bytes(row[0])] for row in rows}

    def is_said(self, word: str, term: Term) -> bool:
        """Return whether a paragraph has this word, and not only another word with the same term."""
        known = self._statistics.load(self._db, [term])
        numbers = [number for number, frequency in (known[each] for each in variants_of(term)) if frequency]
        if sum(known[each][1] for each in variants_of(term)) > MAX_ROWS:
            return True
        query = f"""SELECT 1 FROM paragraphs JOIN versions USING (version) WHERE {self._visible.sql}
            AND paragraphs.terms && %s::bigint[] AND position(%s::bytea IN words) > 0 LIMIT 1"""  # noqa: S608
        values = (*self._visible.values, numbers, word_hash(word).to_bytes(KEY_BYTES, "little"))
        return self._db.execute(query.encode(), values).fetchone() is not None

    def long_forms(self, openings: Sequence[str]) -> Mapping[str, Collection[LongForm]]:
        """Return for each opening the long forms whose terms begin with it; for MARK alone, one is enough."""
        starts = [opening.encode() for opening in openings]
        query = """SELECT place, key FROM unnest(%s::bytea[], %s::bytea[], %s::bigint[])
            WITH ORDINALITY AS opening (start, beyond, most, place)
            CROSS JOIN LATERAL (SELECT key FROM terms WHERE key >= start AND key < beyond LIMIT most) AS held"""
        most = [1 if opening == MARK else MAX_FORMS for opening in openings]
        forms: dict[str, list[LongForm]] = {opening: [] for opening in openings}
        for place, key in self._db.execute(query, (starts, [start + b"\xff" for start in starts], most)):
            forms[openings[place - 1]].append(form_of(bytes(key).decode(errors="replace")))
        return forms

    def _bm25(self) -> Bm25:
        return Bm25(self._db, self._statistics)
