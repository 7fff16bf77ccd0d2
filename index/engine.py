"""The seam between an engine, which stores and searches a collection, and everything that ranks, answers and cites.

`ranking` and `answering` use these protocols alone. The embedded engine (`index.embedded`: SQLite, FAISS, BM25 over our
own postings) implements them; another engine implements the same ones.

A row is an integer that names one paragraph in one `CollectionState` (see `CollectionState.numbering`).
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
"""What putting a document did."""
Item = tuple[str, Document]
"""A document id and the document to store under it."""
ItemVectors = DocumentVectors | None
"""The vectors of a document to store, `None` if it is stored already with the same texts."""
NO_WORD_FILTERS = WordFilters()
Term = str | tuple[str, ...]
"""A term of a question. In a collection of several languages it is a tuple of variants, one for each; a row has at most
one of them, and the term counts as often as that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A word of a question that the collection never says, and the word one letter off that was meant perhaps."""

    word: str
    spelling: str
    term: Term


Progress = Callable[[int, int], None]
"""Called with the number of documents done and their total."""


class Candidates(Protocol):
    """The rows that a question is compared with one by one, ordered by document id and paragraph number.

    A position is an index into these rows.
    """

    @property
    def rows(self) -> Rows:
        """The candidates' rows, shape (n,)."""

    @property
    def documents(self) -> Rows:
        """For each candidate a number that is the same for paragraphs of the same document."""

    @property
    def lengths(self) -> Rows:
        """The number of terms in each candidate."""

    @property
    def context_shares(self) -> Scores:
        """The share of the preceding paragraph's BM25 score that each candidate gets; 0 for a first paragraph."""

    @property
    def sentence_starts(self) -> Rows:
        """For each candidate the index of its first sentence among the sentences of all candidates."""

    def __len__(self) -> int: ...

    def tokens(self, positions: Rows, dimension: int) -> tuple[Matrix, list[int]]:
        """Return the token vectors at these positions, concatenated, and the number of tokens of each."""

    def close_pairs(self, positions: Rows) -> Mask | None:
        """Return a symmetric mask, shape (n, n), of the pairs that may be near-duplicates; `None` if there are none."""


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
        """What the filters left out that a user may not expect, in words."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is allowed."""

    @property
    def paragraphs(self) -> int:
        """The number of paragraphs that are allowed."""

    def published(self, rows: Rows) -> Rows:
        """Return the proleptic Gregorian ordinals of the publication dates of rows, 0 for a row without one."""

    def newest(self, latest: int) -> int:
        """Return the ordinal of the latest publication date in scope that is not after `latest`; 0 if there is none."""

    def first_stage(self, vector: Matrix, terms: Sequence[Term], lesser: Sequence[Term] = ()) -> FirstStage:
        """Search for a question's vector and terms: the union of the best rows of each search, each text once.

        A term of `lesser` counts less than another.
        """

    def duplicates(self, row: int) -> Rows:
        """Return the other rows in scope with the same text apart from case and white space, in order."""


class CollectionState(Protocol):
    """One consistent state of a collection, whatever is written meanwhile. For one thread at a time."""

    @property
    def info(self) -> IndexInfo:
        """What the collection holds at this state."""

    @property
    def revision(self) -> Hashable:
        """What tells states apart: as long as it is the same, so are all answers."""

    @property
    def numbering(self) -> object:
        """An object whose identity tells how rows are numbered: states with the same one have the same rows."""

    def scope(self, filters: Filters, words: WordFilters = NO_WORD_FILTERS, *, newest_copies: bool = False) -> Scope:
        """Return what the filters allow. Raises UnknownFilterValue, InvalidQuestion.

        A text that occurs more than once is represented by the first of its rows in order of document id and number,
        or with `newest_copies` by the one with the latest publication date.
        """

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages other than English that documents' terms are in; a question's terms need variants for each."""

    def language(self, row: int) -> str | None:
        """Return the language that the terms of a row are in, `None` for English."""

    def term_weights(self, terms: Collection[Term]) -> dict[str, float]:
        """Return each distinct term's share in the sum of their inverse document frequencies; the shares sum to 1.

        All variants of a term have its share, and a variant of several terms has the sum of theirs.
        """

    def has_prefix(self, prefix: str) -> bool:
        """Return whether any paragraph has a term with this prefix."""

    def has_terms(self, terms: Sequence[Term]) -> bool:
        """Return whether any paragraph has each of some terms, or one of its variants."""

    def long_forms(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Return the terms of the long forms in a question's English terms that a document abbreviates.

        The paragraphs of that document that have the acronym alone have the term (`index.text.acronyms`).
        """

    def guesses(self, words: Sequence[str]) -> tuple[Guess, ...]:
        """Return how those of some words that no paragraph has may be spelled, each word once."""

    def document_number(self, row: int) -> int:
        """Return a number that is the same for rows of the same document."""

    def document_id(self, row: int) -> str:
        """Return the id of a row's document."""

    def paragraph_number(self, row: int) -> int:
        """Return the 1-based number of a row's paragraph in its document."""

    def document_digest(self, row: int) -> bytes:
        """Return the digest of a row's document, which covers everything that an answer can show of it."""

    def paragraph(self, row: int) -> StoredParagraph:
        """Read a row's paragraph and where its document came from."""

    def source_text(self, document_id: str) -> str:
        """Read the text in which a document's offsets count: extracted from its source, or decoded."""


class Engine(Protocol):
    """Stores and searches a collection. Thread-safe; changes take turns, across processes too."""

    def state(self) -> AbstractContextManager[CollectionState]:
        """Hold the current state."""

    def version(self) -> str:
        """Return an identifier of the current state; another state has another one."""

    def status(self) -> CollectionStatus:
        """Return what is stored and how far the state that questions get is behind it, without loading anything."""

    def observe_lock_waits(self, observer: Callable[[float], None]) -> None:
        """Call `observer` with how long each change waited for other processes, in seconds."""

    def documents(self, *, after: str = "", limit: int | None = None) -> tuple[DocumentSummary, ...]:
        """Return every document, or at most `limit` with an id above `after`, ordered by id."""

    def publishers(self) -> tuple[PublisherCount, ...]:
        """Return every publisher with the number of its documents, ordered by name."""

    def select(self, query: DocumentQuery) -> DocumentSelection:
        """Return the documents that a query selects. Raises UnknownFilterValue, InvalidQuestion."""

    def count_values(self, name: CountedField, *, words: Sequence[str] = (), limit: int | None = None) -> ValueCounts:
        """Return at most `limit` values of a field that hold all of the words, casefolded, with their counts."""

    def count_extra_values(self, *, words: Sequence[str] = (), limit: int | None = None) -> Mapping[str, ValueCounts]:
        """Return the same for the extra fields that the most documents have, by name."""

    def document(self, document_id: str) -> DocumentSummary:
        """Return one document. Raises DocumentNotFound."""

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return a document's paragraphs, in order. Raises DocumentNotFound."""

    def headings(self, document_id: str) -> tuple[Heading, ...]:
        """Return a document's headings, in order. Raises DocumentNotFound."""

    def raw(self, document_id: str) -> bytes:
        """Return the bytes of a document's source. Raises DocumentNotFound."""

    def sources(self) -> tuple[Source, ...]:
        """Return where every document came from, ordered by id."""

    def source(self, document_id: str) -> Source:
        """Return where one document came from. Raises DocumentNotFound."""

    def text(self, document_id: str) -> str:
        """Return the text in which a document's offsets count: extracted from its source, or decoded.

        Raises DocumentNotFound.
        """

    def source_and_text(self, document_id: str) -> tuple[Source, bytes, str]:
        """Return where one document came from, its bytes and its text, of the same state. Raises DocumentNotFound."""

    def stored_text(self, document_id: str) -> StoredText:
        """Return where one document came from and its text, of the same state. Raises DocumentNotFound."""

    def has(self, document_id: str) -> bool:
        """Return whether there is a document with this id."""

    def id_of(self, path: Path) -> str | None:
        """Return the id of the document that was read from a file, or `None`."""

    def paths(self) -> tuple[Path, ...]:
        """Return every file that documents were read from, once, ordered by its path."""

    def ids_from(self, path: Path) -> tuple[str, ...]:
        """Return the ids of all documents that were read from a file, ordered."""

    def writing(self) -> AbstractContextManager[None]:
        """Keep other writers out, so that what is written may depend on what was read. Raises IndexLocked."""

    def embed(self, items: Sequence[Item], *, precondition: Precondition | None = None) -> Sequence[ItemVectors]:
        """Return the vectors that `put` will store, without the write lock; `None` where it will need none.

        Nothing is embedded if the precondition fails for what is stored now: `put` will raise what it raises.
        """

    def put(
        self,
        items: Sequence[Item],
        vectors: Sequence[ItemVectors],
        *,
        path: Path | None = None,
        precondition: Precondition | None = None,
    ) -> Sequence[Change]:
        """Add or replace documents in one durable transaction; `path` is the file that holds them, if there is one.

        `vectors` are what `embed` returned for the items. One that is missing, as after another change, is made now.
        The precondition is checked for each document under the write lock.
        """

    def correct(
        self,
        document_id: str,
        values: Corrections,
        *,
        restored: Collection[CorrectableField] = (),
        precondition: Precondition | None = None,
    ) -> Change:
        """Correct metadata of a document durably; the restored fields get the value that was read or given again.

        Corrections stay when the document is put again, and go with it. Raises DocumentNotFound, and what the
        precondition raises.
        """

    def remove(self, document_id: str, *, precondition: Precondition | None = None) -> None:
        """Remove a document durably. Raises DocumentNotFound, and what the precondition raises."""

    def refresh(self, progress: Progress | None = None) -> None:
        """Bring the search structures up to date and save them."""

    def wait_until_searchable(self, seconds: float) -> None:
        """Return when questions find everything that is stored now. Raises EngineUnavailable after this time."""

    def verify(self, progress: Progress | None = None) -> Audit:
        """Re-read every source and check every citation that the index can give."""

    def verify_document(self, document_id: str) -> Audit:
        """Re-read one source and check every citation of it. Raises DocumentNotFound."""

    def close(self) -> None:
        """Close every connection; may be called twice."""
