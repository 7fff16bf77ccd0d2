"""One revision of the collection, unaffected by concurrent writes; see `engine.CollectionState`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from wherefrom.index.cluster.bm25 import variants_of
from wherefrom.index.cluster.candidates import Searched
from wherefrom.index.cluster.database import document_rows
from wherefrom.index.cluster.database.connections import translating_errors
from wherefrom.index.cluster.database.integrity import VerifiedVersions
from wherefrom.index.cluster.document_terms import DocumentTerms
from wherefrom.index.cluster.filters import EVERYTHING, condition_of
from wherefrom.index.cluster.rows import Row, RowCache
from wherefrom.index.cluster.scope import ClusterScope
from wherefrom.index.cluster.served import KnownRevision, KnownRevisions
from wherefrom.index.cluster.vocabulary import DatabaseTerms
from wherefrom.index.cluster.words import holding_each, word_condition, word_expression
from wherefrom.index.engine import NO_WORD_FILTERS, Guess, Scope, Term
from wherefrom.index.search.bm25 import shares_of_idf
from wherefrom.index.search.vocabulary import Vocabulary
from wherefrom.index.types import Filters, IndexInfo, StoredParagraph, WordFilters

NO_FILTERS = Filters()


@dataclass(kw_only=True)
class Shared:
    """The caches that all questions of a process share; each is thread-safe."""

    rows: RowCache
    terms: DocumentTerms
    verified: VerifiedVersions
    revisions: KnownRevisions
    numbering: object

    @classmethod
    def empty(cls) -> "Shared":
        """Return empty caches; rows have the same numbers for ever."""
        return cls(
            rows=RowCache(),
            terms=DocumentTerms(),
            verified=VerifiedVersions(),
            revisions=KnownRevisions(),
            numbering=object(),
        )


class ClusterState:
    """A connection held at one state of the database, and the revision that Milvus holds completely."""

    def __init__(self, searched: Searched, shared: Shared, known: KnownRevision, info: IndexInfo) -> None:
        self.info = info
        self.revision = (searched.build, searched.visible.revision)
        self.numbering = shared.numbering
        self._searched = searched
        self._db = searched.db
        self._shared = shared
        self._known = known

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of documents' terms other than English."""
        if self._known.languages is None:
            visible = self._searched.visible
            query = f"SELECT DISTINCT language FROM versions WHERE language IS NOT NULL AND {visible.sql}"  # noqa: S608
            rows = self._db.execute(query.encode(), visible.values)
            self._known.languages = tuple(sorted(row[0] for row in rows))
        return self._known.languages

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        terms = DatabaseTerms(self._db, self._searched.bm25.statistics, self._searched.visible)
        return Vocabulary(terms, self.languages, self._known.vocabulary)

    def scope(self, filters: Filters, words: WordFilters = NO_WORD_FILTERS, *, newest_copies: bool = False) -> Scope:
        """Return what the filters allow. Raises UnknownFilterValue, InvalidQuestion."""
        documents = EVERYTHING
        warnings: tuple[str, ...] = ()
        if filters != NO_FILTERS:
            documents, warnings = condition_of(self._db, filters, self._searched.visible)
        if filters == NO_FILTERS and words == NO_WORD_FILTERS:
            copies = self._known.copies[newest_copies]
            return ClusterScope(searched=self._searched, newest_copies=newest_copies, copies=copies)
        if words == NO_WORD_FILTERS:
            return ClusterScope(
                searched=self._searched, documents=documents, warnings=warnings, newest_copies=newest_copies
            )
        holding = holding_each(self._db, words, self.languages, self._searched.bm25.statistics)
        return ClusterScope(
            searched=self._searched,
            documents=documents,
            words=word_condition(words, holding),
            word_expression=word_expression(self._db, words, documents, self._searched.visible, holding),
            warnings=warnings,
            newest_copies=newest_copies,
        )

    def language(self, row: int) -> str | None:
        """Return the language of the terms of a row, `None` for English."""
        return self._row(row).language

    def term_weights(self, terms: Collection[Term]) -> dict[str, float]:
        """Return the share of each distinct term in the sum of their inverse document frequencies, by variant."""
        return shares_of_idf({term: self._searched.bm25.idf(term) for term in sorted(set(terms))})

    def has_prefix(self, prefix: str) -> bool:
        """Return whether any paragraph has a term with this prefix."""
        return self._searched.bm25.statistics.has_prefix(self._db, prefix)

    def terms_in_documents(self, rows: Sequence[int], terms: Sequence[Term]) -> Sequence[frozenset[Term]]:
        """Return for each row which of the terms, or their variants, occur in any paragraph of its document."""
        known = self._searched.bm25.statistics.load(self._db, terms)
        numbers = {term: {known[variant][0] for variant in variants_of(term)} for term in terms}
        versions = [self._row(row).version for row in rows]
        present = self._shared.terms.present(self._db, versions, set().union(*numbers.values()))
        return [
            frozenset([term for term, wanted in numbers.items() if wanted & present.get(version, set())])
            for version in versions
        ]

    def has_terms(self, terms: Sequence[Term]) -> bool:
        """Return whether each of some terms, or one of its variants, occurs in any paragraph."""
        return self._searched.bm25.has_all(terms)

    def long_forms(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Return the terms of the long forms in a question's English terms that a document abbreviates."""
        return self._vocabulary.long_forms(terms)

    def guesses(self, words: Sequence[str]) -> tuple[Guess, ...]:
        """Return a guessed spelling for each word that occurs in no paragraph."""
        return self._vocabulary.guesses(words)

    def document_number(self, row: int) -> int:
        """Return a number that is the same for rows of the same document."""
        return self._row(row).version

    def document_id(self, row: int) -> str:
        """Return the id of a row's document."""
        return self._row(row).document_id

    def paragraph_number(self, row: int) -> int:
        """Return the 1-based number of a row's paragraph in its document."""
        return self._row(row).number

    def document_digest(self, row: int) -> bytes:
        """Return the digest of a row's document."""
        return self._row(row).digest

    def paragraph(self, row: int) -> StoredParagraph:
        """Read a row's paragraph and where its document came from; the document is checked. Raises IndexDamaged."""
        known = self._row(row)
        with translating_errors():
            self._shared.verified.check(self._db, known.version)
            return document_rows.stored_paragraph(self._db, known.version, known.number)

    def source_text(self, document_id: str) -> str:
        """Read the text in which a document's offsets count. Raises IndexDamaged."""
        visible = self._searched.visible
        query = f"SELECT version FROM versions WHERE document_id = %s AND {visible.sql}"  # noqa: S608 - a constant
        with translating_errors():
            row = self._db.execute(query.encode(), (document_id, *visible.values)).fetchone()
            return document_rows.text(self._db, row[0] if row else 0)

    def _row(self, number: int) -> Row:
        with translating_errors():
            return self._shared.rows.row(self._db, number)
