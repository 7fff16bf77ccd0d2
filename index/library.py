"""The library: open a data folder, put documents in, ask questions, and check citations.

    with Library.open("my-index") as library:
        answer = library.ask("why does Russia object to the X-band radar?")

`wherefrom.index.ingest` puts files and folders into a library.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from wherefrom.index.answering import citations
from wherefrom.index.answering.passages import ScoredPassage
from wherefrom.index.answering.query_engine import QueryEngine
from wherefrom.index.answering.quotations import Quotation, QuotedPlace, quote
from wherefrom.index.answering.searcher import Searcher
from wherefrom.index.collection.audits import Audit, Claim, Verdict
from wherefrom.index.collection.corrections import CorrectableField, Corrections
from wherefrom.index.collection.document_query import CountedField, DocumentQuery, DocumentSelection, ValueCounts
from wherefrom.index.conversation import Context
from wherefrom.index.embedded import EmbeddedEngine
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity
from wherefrom.index.engine import Change, Engine, Item, ItemVectors, Progress
from wherefrom.index.errors import DocumentNotFound, ParagraphNotFound, PreconditionFailed
from wherefrom.index.ranking.cross_encoder import Reranker
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.ranker import Order
from wherefrom.index.reading.lazy_reader import LazyReader
from wherefrom.index.reading.loader import reader_of
from wherefrom.index.storage.write_lock import WAIT_SECONDS
from wherefrom.index.types import (
    Answer,
    AskKeywords,
    AskOptions,
    Citation,
    CollectionStatus,
    Document,
    DocumentSummary,
    Effort,
    Filters,
    Heading,
    Hit,
    IndexInfo,
    Paragraph,
    Precondition,
    PublisherCount,
    Source,
    StoredText,
)

if TYPE_CHECKING:
    from wherefrom.index.writing.sentence_check import SentenceChecker

BATCH_SIZE = 64
"""Number of documents that are embedded and stored together."""


def if_match(document_id: str, etag: str) -> Precondition:
    """Return a precondition that raises PreconditionFailed unless the stored document has this etag."""

    def check(stored: str | None) -> None:
        if stored != etag:
            raise PreconditionFailed(document_id, etag, stored)

    return check


class Library:
    """A collection of documents that answers questions and can be changed.

    Thread-safe. Changes are serialized, also across processes, and are durable when the call returns.
    """

    def __init__(self, engine: Engine, queries: QueryEngine, data: Path) -> None:
        """Create a library of an open engine; see `open`."""
        self.data = data
        self._engine = engine
        self._queries = queries
        self._checker: SentenceChecker | None = None

    @classmethod
    def open(
        cls,
        data: str | PathLike[str],
        *,
        embedder: Embedder | None = None,
        threshold: float | None = None,
        lock_wait: float = WAIT_SECONDS,
        cached_answers: int = 0,
        reranker: Reranker | None = None,
        reader: LazyReader | None = None,
    ) -> Self:
        """Open a data folder, or create an empty one. Raises IndexUnusable or IndexMismatch, with a remedy.

        Without an `embedder` the default model is loaded. `threshold` is the minimum confidence of an answer, by
        default the calibrated one. `lock_wait` is the time limit in seconds for which a change waits for a change of
        another process. At most `cached_answers` answers are cached, for repeated questions about the same state.
        Without a `reader`, the one that was trained for the model is loaded on first use.
        """
        folder = Path(data)
        embedder = embedder or load_embedder(data=folder)
        return cls.on_engine(
            EmbeddedEngine.open(folder, embedder, lock_wait=lock_wait),
            embedder,
            data=folder,
            threshold=threshold,
            cached_answers=cached_answers,
            reranker=reranker,
            reader=reader,
        )

    @classmethod
    def on_engine(
        cls,
        engine: Engine,
        embedder: Embedder,
        *,
        data: Path,
        threshold: float | None = None,
        cached_answers: int = 0,
        reranker: Reranker | None = None,
        reader: LazyReader | None = None,
    ) -> Self:
        """Return the library of an open engine and the embedder it was opened with; otherwise like `open`."""
        queries = QueryEngine(
            engine,
            embedder,
            threshold=threshold,
            cached_answers=cached_answers,
            reranker=reranker,
            reader=reader or reader_of(embedder),
        )
        return cls(engine, queries, data)

    def close(self) -> None:
        """Close every connection."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Questions

    def ask(self, question: str, **options: Unpack[AskKeywords]) -> Answer:
        """Answer a question; the options are those of `AskOptions`. Raises InvalidQuestion, UnknownFilterValue."""
        return self._queries.answer(question, AskOptions(**options))

    def answer(self, question: str, options: AskOptions) -> Answer:
        """Answer a question from the current state. Raises InvalidQuestion, UnknownFilterValue."""
        return self._queries.answer(question, options)

    def encode(self, questions: Sequence[str], contexts: Sequence[Context | None] = ()) -> list[Query]:
        """Encode questions together for `Searcher.answer`, with the same results as one by one. Raises InvalidQuestion.

        `contexts` has the context of each question, or is empty if none has one.
        """
        return self._queries.encode(questions, contexts)

    def searcher(self) -> AbstractContextManager[Searcher]:
        """Hold the current state, to answer several questions from it, or to inspect rankings and scores."""
        return self._queries.searcher()

    def sentence_checker(self) -> "SentenceChecker":
        """Return the checker of written sentences against passages; the first call loads the reader."""
        from wherefrom.index.writing.sentence_check import SentenceChecker  # noqa: PLC0415 - most check nothing

        if self._checker is None:
            self._checker = SentenceChecker(self._queries.reader.get())
        return self._checker

    @property
    def has_cached_answers(self) -> bool:
        """Whether any answer is cached."""
        return self._queries.has_cached_answers

    @property
    def cached_answers(self) -> int:
        """The number of cached answers."""
        return self._queries.cached_answers

    def rank(self, question: str, *, top_k: int, order: Order = "fused", effort: Effort | None = None) -> Sequence[Hit]:
        """Return the ranking for a question, which may be a long text; `lexical` and `dense` are baselines."""
        return self._queries.rank(question, top_k=top_k, order=order, effort=effort)

    def score_passages(
        self, question: str, *, top_k: int = 1, filters: Filters | None = None, effort: Effort | None = None
    ) -> tuple[ScoredPassage, ...]:
        """Return the first passages with the features that confidence is calibrated on."""
        return self._queries.score_passages(question, top_k=top_k, filters=filters or Filters(), effort=effort)

    # Documents

    def info(self) -> IndexInfo:
        """Return the current counts of the index and the model it was built with."""
        with self._engine.state() as state:
            return state.info

    @property
    def model(self) -> ModelIdentity:
        """The model that computes the vectors."""
        return self._queries.model

    def version(self) -> str:
        """Return an identifier of the collection's current state, without reading any document.

        It differs between states, even if a change is undone.
        """
        return self._engine.version()

    def status(self) -> CollectionStatus:
        """Return the stored counts and the lag of the state that questions are answered from, without loading it."""
        return self._engine.status()

    def observe_lock_waits(self, observer: Callable[[float], None]) -> None:
        """Call `observer` with the time in seconds that each later change waits for other processes."""
        self._engine.observe_lock_waits(observer)

    def documents(self, *, after: str = "", limit: int | None = None) -> tuple[DocumentSummary, ...]:
        """Return every document, or at most `limit` with an id above `after`, ordered by id."""
        return self._engine.documents(after=after, limit=limit)

    def publishers(self) -> tuple[PublisherCount, ...]:
        """Return every publisher, as a value for filters, with the number of its documents, ordered by name."""
        return self._engine.publishers()

    def documents_matching(self, filters: Filters) -> tuple[DocumentSummary, ...]:
        """Return the documents that filters allow, ordered by id. Raises UnknownFilterValue, InvalidQuestion."""
        return self._engine.select(DocumentQuery(filters=filters)).documents

    def select(self, query: DocumentQuery) -> DocumentSelection:
        """Return the documents that a query selects, in its order. Raises UnknownFilterValue, InvalidQuestion."""
        return self._engine.select(query)

    def count_values(self, name: CountedField, *, words: Sequence[str] = (), limit: int | None = None) -> ValueCounts:
        """Return at most `limit` values of a field that contain all words, in the form of `fold`, with their counts."""
        return self._engine.count_values(name, words=words, limit=limit)

    def count_extra_values(self, *, words: Sequence[str] = (), limit: int | None = None) -> Mapping[str, ValueCounts]:
        """Return the same by name for the extra fields that the most documents have; values spelled as in filters."""
        return self._engine.count_extra_values(words=words, limit=limit)

    def document(self, document_id: str) -> DocumentSummary:
        """Return one document. Raises DocumentNotFound."""
        return self._engine.document(document_id)

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return a document's paragraphs, in order. Raises DocumentNotFound."""
        return self._engine.paragraphs(document_id)

    def headings(self, document_id: str) -> tuple[Heading, ...]:
        """Return a document's subheads and questions, in order; they are never searched. Raises DocumentNotFound."""
        return self._engine.headings(document_id)

    def raw(self, document_id: str) -> bytes:
        """Return the unchanged bytes of a document's source. Raises DocumentNotFound."""
        return self._engine.raw(document_id)

    def text(self, document_id: str) -> str:
        """Return the text that the offsets of a document's citations refer to: extracted from its source, or decoded.

        Raises DocumentNotFound.
        """
        return self._engine.text(document_id)

    def sources(self) -> tuple[Source, ...]:
        """Return the source of every document, ordered by id."""
        return self._engine.sources()

    def source(self, document_id: str) -> Source:
        """Return the source of one document. Raises DocumentNotFound."""
        return self._engine.source(document_id)

    def stored_text(self, document_id: str) -> StoredText:
        """Return a document's source, paragraphs, headings and pages, of the same state. Raises DocumentNotFound."""
        return self._engine.stored_text(document_id)

    def has(self, document_id: str) -> bool:
        """Return whether there is a document with this id."""
        return self._engine.has(document_id)

    def id_of(self, path: Path) -> str | None:
        """Return the id of the document that was read from a file, or `None`."""
        return self._engine.id_of(path)

    def paths(self) -> tuple[Path, ...]:
        """Return the distinct files that documents were read from, ordered by path."""
        return self._engine.paths()

    def ids_from(self, path: Path) -> tuple[str, ...]:
        """Return the ids of all documents that were read from a file, in ascending order."""
        return self._engine.ids_from(path)

    # Citations

    def check(self, claim: Claim | Citation) -> Verdict:
        """Check one citation against the stored bytes of its source."""
        claim = Claim.of(claim) if isinstance(claim, Citation) else claim
        try:
            source, raw, text = self._engine.source_and_text(claim.document_id)
        except DocumentNotFound as error:
            return Verdict(valid=False, reason=str(error), found=None)
        extracted = None if source.extractor is None else text
        return citations.check(
            claim, raw, source.encoding, source.media_type, errors=source.errors, extracted=extracted
        )

    def verify(self, progress: Progress | None = None) -> Audit:
        """Re-read every source and check every citation that the index can give."""
        return self._engine.verify(progress)

    def verify_document(self, document_id: str) -> Audit:
        """Re-read one source and check every citation of it. Raises DocumentNotFound, IndexDamaged."""
        return self._engine.verify_document(document_id)

    def cite(self, document_id: str, number: int) -> Citation:
        """Cite a paragraph by its 1-based number. Raises DocumentNotFound, ParagraphNotFound."""
        text = self._engine.stored_text(document_id)
        if not 1 <= number <= len(text.paragraphs):
            raise ParagraphNotFound(document_id, number, len(text.paragraphs))
        return citations.cite(text.source, text.paragraphs[number - 1], pages=text.pages)

    def quote(self, place: QuotedPlace) -> Quotation:
        """Return the quotation at a place of a document. Raises DocumentNotFound, QuotationRefused if it has changed.

        The document is compared with its digest first.
        """
        stored = self._engine.stored_text(place.document_id)
        source, _, text = self._engine.source_and_text(place.document_id)
        # A change between the two reads is refused like one after them.
        read = replace(place, source_sha256=stored.source.source_sha256, text_sha256=stored.source.text_sha256)
        quote(read, source, text, ())
        return quote(place, stored.source, text, stored.paragraphs, stored.pages)

    # Changes

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock, so that a change may depend on data read before it. Raises IndexLocked."""
        with self._engine.writing():
            yield

    def put(
        self,
        document_id: str,
        document: Document,
        *,
        path: Path | None = None,
        precondition: Precondition | None = None,
        vectors: Sequence[ItemVectors] | None = None,
    ) -> Change:
        """Add or replace one document; equal contents are not embedded again.

        `path` is the file that it was read from, if any. `vectors` is the result of `embed` for it. Raises the errors
        of the precondition.
        """
        items = [(document_id, document)]
        if vectors is None:
            vectors = self._engine.embed(items, precondition=precondition)
        (change,) = self._engine.put(items, vectors, path=path, precondition=precondition)
        return change

    def put_batch(
        self, items: Sequence[Item], *, path: Path | None = None, vectors: Sequence[ItemVectors] | None = None
    ) -> tuple[Change, ...]:
        """Embed documents together and add or replace them in one transaction; return the change of each.

        `path` is the file that they were all read from, if any. `vectors` is the result of `embed` for the items.
        """
        return tuple(self._engine.put(items, self._engine.embed(items) if vectors is None else vectors, path=path))

    def embed(self, items: Sequence[Item], *, precondition: Precondition | None = None) -> Sequence[ItemVectors]:
        """Return the vectors of documents for `put` or `put_batch`, which are fast with them.

        Embedding takes a hundred times as long as storing, and does not block other changes. If the precondition fails
        for a stored document, nothing is embedded, and `put` will raise the error.
        """
        return self._engine.embed(items, precondition=precondition)

    def put_many(self, items: Iterable[Item], progress: Callable[[int], None] | None = None) -> None:
        """Add or replace any number of documents, BATCH_SIZE per transaction; `progress` gets each batch's size."""
        remaining = iter(items)
        while batch := list(islice(remaining, BATCH_SIZE)):
            self.put_batch(batch)
            if progress:
                progress(len(batch))

    def correct(
        self,
        document_id: str,
        values: Corrections,
        *,
        restored: Collection[CorrectableField] = (),
        precondition: Precondition | None = None,
    ) -> Change:
        """Correct metadata of a document by hand; corrections are kept when the document is put again.

        The fields in `restored` get back the value that was read from the source or given with it. Raises
        DocumentNotFound and the errors of the precondition.
        """
        return self._engine.correct(document_id, values, restored=restored, precondition=precondition)

    def remove(self, document_id: str, *, precondition: Precondition | None = None) -> None:
        """Remove one document. Raises DocumentNotFound and the errors of the precondition."""
        self._engine.remove(document_id, precondition=precondition)

    def refresh(self, progress: Progress | None = None) -> None:
        """Update the search structures, and save them if much has changed since they were last saved."""
        self._engine.refresh(progress)

    def wait_until_searchable(self, seconds: float) -> None:
        """Wait until everything stored so far can be found. Raises EngineUnavailable after this time in seconds."""
        self._engine.wait_until_searchable(seconds)
