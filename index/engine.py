"""The interface of an engine, which stores and searches a collection, to ranking, answering and citing.

`ranking` and `answering` use only these protocols. The embedded engine (`index.embedded`: SQLite, FAISS, BM25 over our
own postings) implements them, and so does every other engine.

A row is an integer that identifies one paragraph in one `CollectionState` (see `CollectionState.numbering`).
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from wherefrom.index.arrays import Mask, Matrix, Rows, Scores
from wherefrom.index.collection.audits import Audit
from wherefrom.index.collection.corrections import CorrectableField, Corrections
from wherefrom.index.collection.document_query import CountedField, DocumentQuery, DocumentSelection, ValueCounts
from wherefrom.index.embedding.paragraph_vectors import DocumentVectors
from wherefrom.index.types import (
    CollectionStatus,
    Document,
    DocumentSummary,
    Filters,
    Heading,
    IndexInfo,
    Paragraph,
    Precondition,
    PublisherCount,
    Source,
    StoredParagraph,
    StoredText,
    WordFilters,
)

Change = Literal["added", "updated", "unchanged"]
"""The effect of putting a document."""
Item = tuple[str, Document]
"""A document id and the document to store under it."""
ItemVectors = DocumentVectors | None
"""The vectors of a document to store, `None` if a document with the same id and texts is stored already."""
NO_WORD_FILTERS = WordFilters()
Term = str | tuple[str, ...]
"""A term of a question. In a collection of several languages it is a tuple of variants, one per language; a row has at
most one of them, whose frequency is the frequency of the term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A word of a question that does not occur in the collection, and a similar word that does.

    The other word is one letter off, or, with `same_word`, is the same word with other accents.
    """

    word: str
    spelling: str
    term: Term
    same_word: bool = False


Progress = Callable[[int, int], None]
"""A callback that gets the number of documents done and their total."""


class Candidates(Protocol):
    """The rows that a question is compared with one by one, ordered by document id and paragraph number.

    A position is an index into these rows.
    """

    @property
    def rows(self) -> Rows:
        """The candidates' rows, shape (n,)."""

    @property
    def documents(self) -> Rows:
        """The document number of each candidate, the same for paragraphs of the same document."""

    @property
    def lengths(self) -> Rows:
        """The number of terms in each candidate."""

    @property
    def context_shares(self) -> Scores:
        """The share of the preceding paragraph's BM25 score that each candidate receives; 0 for a first paragraph."""

    @property
    def sentence_starts(self) -> Rows:
        """For each candidate the index of its first sentence among the sentences of all candidates."""

    def __len__(self) -> int: ...

    def tokens(self, positions: Rows, dimension: int) -> tuple[Matrix, list[int]]:
        """Return the token vectors at these positions, concatenated, and the number of tokens of each."""

    def close_pairs(self, positions: Rows) -> Mask | None:
        """Return a symmetric mask, shape (n, n), of the pairs that may be near-duplicates; `None` if there are none."""

    def cosines_with(self, position: int, positions: Rows) -> Matrix:
        """Return the cosines of the paragraph at one position with those at others, shape (n,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStage:
    """The candidates of one question with their scores, each of shape (candidates,) unless stated; higher is better.

    `dense` is the cosine of the paragraph, `sentence` that of its best sentence, and `sentences` has the cosine of
    every sentence (see `Candidates.sentence_starts`). `lexical` is the BM25 score of the paragraph and
    `preceding_lexical` that of the paragraph before it in its document (its own for a first paragraph).
    """

    candidates: Candidates
    dense: Scores
    sentence: Scores
    sentences: Scores
    lexical: Scores
    preceding_lexical: Scores


class Scope(Protocol):
    """The part of a collection that the filters and the words of a question allow."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Messages about exclusions by the filters that a user may not expect."""

    @property
    def is_empty(self) -> bool:
        """Whether no paragraph is allowed."""

    @property
    def paragraphs(self) -> int:
        """The number of allowed paragraphs."""

    def published(self, rows: Rows) -> Rows:
        """Return the proleptic Gregorian ordinals of the publication dates of rows, 0 for a row without one."""

    def newest(self, latest: int) -> int:
        """Return the ordinal of the latest publication date in scope that is not after `latest`; 0 if there is none."""

    def first_stage(self, vector: Matrix, terms: Sequence[Term], lesser: Sequence[Term] = ()) -> FirstStage:
        """Search for a question's vector and terms: the union of the best rows of each search, each text once.

        The terms in `lesser` have a lower weight.
        """

    def duplicates(self, row: int) -> Rows:
        """Return the other rows in scope with the same text apart from case and white space, in order."""


class CollectionState(Protocol):
    """One consistent state of a collection, isolated from concurrent writes. For one thread at a time."""

    @property
    def info(self) -> IndexInfo:
        """The counts and the model of the collection in this state."""

    @property
    def revision(self) -> Hashable:
        """An identifier of the state: two states with the same revision give the same answers."""

    @property
    def numbering(self) -> object:
        """An object whose identity stands for the numbering of rows: states with the same object have the same rows."""

    def scope(self, filters: Filters, words: WordFilters = NO_WORD_FILTERS, *, newest_copies: bool = False) -> Scope:
        """Return the scope that the filters allow. Raises UnknownFilterValue, InvalidQuestion.

        A text that occurs more than once is represented by the first of its rows in order of document id and number;
        with `newest_copies`, by the one with the latest publication date.
        """

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of documents' terms other than English; a question's terms need a variant for each."""

    def language(self, row: int) -> str | None:
        """Return the language of the terms of a row, `None` for English."""

    def term_weights(self, terms: Collection[Term]) -> dict[str, float]:
        """Return each distinct term's share in the sum of their inverse document frequencies; the shares sum to 1.

        The keys are variants: each has the share of its term; a variant of several terms has the sum of their shares.
        """

    def has_prefix(self, prefix: str) -> bool:
        """Return whether any paragraph has a term with this prefix."""

    def terms_in_documents(self, rows: Sequence[int], terms: Sequence[Term]) -> Sequence[frozenset[Term]]:
        """Return for each row which of the terms, or their variants, occur in any paragraph of its document."""

    def has_terms(self, terms: Sequence[Term]) -> bool:
        """Return whether each of the terms, or one of its variants, occurs in any paragraph."""

    def long_forms(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Return the terms of those long forms in a question's English terms that a document abbreviates.

        The term is indexed for the paragraphs of that document that have only the acronym (`index.text.acronyms`).
        """

    def guesses(self, words: Sequence[str]) -> tuple[Guess, ...]:
        """Return a guessed spelling for each distinct word that occurs in no paragraph, where there is one."""

    def document_number(self, row: int) -> int:
        """Return the number of a row's document; it is the same for all rows of the document."""

    def document_id(self, row: int) -> str:
        """Return the id of a row's document."""

    def paragraph_number(self, row: int) -> int:
        """Return the 1-based number of a row's paragraph in its document."""

    def document_digest(self, row: int) -> bytes:
        """Return the digest of a row's document; it covers everything of the document that an answer can show."""

    def paragraph(self, row: int) -> StoredParagraph:
        """Read a row's paragraph with the source of its document."""

    def source_text(self, document_id: str) -> str:
        """Read the text that a document's offsets refer to: extracted from its source, or decoded."""


class Engine(Protocol):
    """Stores and searches a collection. Thread-safe; changes are serialized, also across processes."""

    def state(self) -> AbstractContextManager[CollectionState]:
        """Hold the current state of the collection."""

    def version(self) -> str:
        """Return an identifier of the current state; it differs between states."""

    def status(self) -> CollectionStatus:
        """Return the stored counts and the lag of the state that questions are answered from, without loading it."""

    def observe_lock_waits(self, observer: Callable[[float], None]) -> None:
        """Call `observer` with the time in seconds that each change waits for other processes."""

    def documents(self, *, after: str = "", limit: int | None = None) -> tuple[DocumentSummary, ...]:
        """Return every document, or at most `limit` with an id above `after`, ordered by id."""

    def publishers(self) -> tuple[PublisherCount, ...]:
        """Return every publisher with the number of its documents, ordered by name."""

    def select(self, query: DocumentQuery) -> DocumentSelection:
        """Return the documents that a query selects. Raises UnknownFilterValue, InvalidQuestion."""

    def count_values(self, name: CountedField, *, words: Sequence[str] = (), limit: int | None = None) -> ValueCounts:
        """Return at most `limit` values of a field that contain all words, in the form of `fold`, with their counts."""

    def count_extra_values(self, *, words: Sequence[str] = (), limit: int | None = None) -> Mapping[str, ValueCounts]:
        """Return the same by name for the extra fields that occur in the most documents."""

    def document(self, document_id: str) -> DocumentSummary:
        """Return one document. Raises DocumentNotFound."""

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return a document's paragraphs, in order. Raises DocumentNotFound."""

    def headings(self, document_id: str) -> tuple[Heading, ...]:
        """Return a document's headings, in order. Raises DocumentNotFound."""

    def raw(self, document_id: str) -> bytes:
        """Return the bytes of a document's source. Raises DocumentNotFound."""

    def sources(self) -> tuple[Source, ...]:
        """Return the source of every document, ordered by id."""

    def source(self, document_id: str) -> Source:
        """Return the source of one document. Raises DocumentNotFound."""

    def text(self, document_id: str) -> str:
        """Return the text that a document's offsets refer to: extracted from its source, or decoded.

        Raises DocumentNotFound.
        """

    def source_and_text(self, document_id: str) -> tuple[Source, bytes, str]:
        """Return a document's source, bytes and text, of the same state. Raises DocumentNotFound."""

    def stored_text(self, document_id: str) -> StoredText:
        """Return a document's source, paragraphs, headings and pages, of the same state. Raises DocumentNotFound."""

    def has(self, document_id: str) -> bool:
        """Return whether there is a document with this id."""

    def id_of(self, path: Path) -> str | None:
        """Return the id of the document that was read from a file, or `None`."""

    def paths(self) -> tuple[Path, ...]:
        """Return the distinct files that documents were read from, ordered by path."""

    def ids_from(self, path: Path) -> tuple[str, ...]:
        """Return the ids of all documents that were read from a file, in ascending order."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the write lock, so that a change may depend on data read before it. Raises IndexLocked."""

    def embed(self, items: Sequence[Item], *, precondition: Precondition | None = None) -> Sequence[ItemVectors]:
        """Return the vectors of each item for `put`, without the write lock; `None` if the stored ones can be reused.

        If the precondition fails for a stored document, nothing is embedded, and `put` will raise the error.
        """

    def put(
        self,
        items: Sequence[Item],
        vectors: Sequence[ItemVectors],
        *,
        path: Path | None = None,
        precondition: Precondition | None = None,
    ) -> Sequence[Change]:
        """Add or replace documents in one durable transaction; `path` is the file that they were read from, if any.

        `vectors` is the result of `embed` for the items; missing vectors, as after a concurrent change, are computed
        now. The precondition is checked for each document under the write lock.
        """

    def correct(
        self,
        document_id: str,
        values: Corrections,
        *,
        restored: Collection[CorrectableField] = (),
        precondition: Precondition | None = None,
    ) -> Change:
        """Correct metadata of a document durably; fields in `restored` get back the value that was read or given.

        Corrections are kept when the document is put again, and deleted when it is removed. Raises DocumentNotFound and
        the errors of the precondition.
        """

    def remove(self, document_id: str, *, precondition: Precondition | None = None) -> None:
        """Remove a document durably. Raises DocumentNotFound and the errors of the precondition."""

    def refresh(self, progress: Progress | None = None) -> None:
        """Update the search structures and save them."""

    def wait_until_searchable(self, seconds: float) -> None:
        """Wait until everything stored so far can be found. Raises EngineUnavailable after this time in seconds."""

    def verify(self, progress: Progress | None = None) -> Audit:
        """Re-read every source and check every citation that the index can give."""

    def verify_document(self, document_id: str) -> Audit:
        """Re-read one source and check every citation of it. Raises DocumentNotFound."""

    def close(self) -> None:
        """Close every connection; may be called twice."""
