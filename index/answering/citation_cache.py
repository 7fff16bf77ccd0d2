"""A cache of cited paragraphs: each is read from the engine and cited once.

Cache keys contain the digest of the document, which covers everything that an answer can show of it. So an entry is
valid in every state of the collection, and a changed document has other keys.
"""

from dataclasses import dataclass

from wherefrom.index.answering.citations import cite, lines_of
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.engine import CollectionState
from wherefrom.index.text.language_terms import terms_in
from wherefrom.index.text.questions import is_question
from wherefrom.index.types import Citation, Sentence, StoredParagraph

MAX_ENTRIES = 8_192
"""Paragraphs in the cache, of about 5 KB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedParagraph:
    """A paragraph, its citation, and the set of terms of each of its sentences.

    `answering` are the positions of the sentences that are no questions.
    """

    digest: bytes
    stored: StoredParagraph
    citation: Citation
    sentence_terms: tuple[frozenset[str], ...]
    answering: tuple[int, ...]


class CitationCache:
    """Cited paragraphs and sentences. Thread-safe."""

    def __init__(self) -> None:
        self._paragraphs: BoundedCache[tuple[bytes, int], CitedParagraph] = BoundedCache(MAX_ENTRIES)
        self._by_row: tuple[object, BoundedCache[int, CitedParagraph]] = None, BoundedCache(MAX_ENTRIES)
        self._sentences: BoundedCache[tuple[bytes, int, int], Citation] = BoundedCache(MAX_ENTRIES)

    def by_row(self, state: CollectionState) -> BoundedCache[int, CitedParagraph]:
        """Return the cache of cited paragraphs by row; it is replaced when the numbering of rows changes."""
        numbering, by_row = self._by_row
        if numbering is not state.numbering:
            by_row = BoundedCache(MAX_ENTRIES)
            self._by_row = state.numbering, by_row
        return by_row

    def paragraph(self, row: int, state: CollectionState) -> CitedParagraph:
        """Return a row's cited paragraph."""
        digest = state.document_digest(row)

        def read() -> CitedParagraph:
            return _cited(digest, state.paragraph(row), state.language(row))

        return self._paragraphs.get_or_compute((digest, state.paragraph_number(row)), read)

    def sentence(self, paragraph: CitedParagraph, sentence: Sentence, state: CollectionState) -> Citation:
        """Return the citation of one sentence of a paragraph, with the sentence's own lines."""
        key = (paragraph.digest, paragraph.stored.paragraph.number, sentence.start)
        return self._sentences.get_or_compute(key, lambda: sentence_citation(paragraph.stored, sentence, state))


def sentence_citation(stored: StoredParagraph, sentence: Sentence, state: CollectionState) -> Citation:
    """Return the citation of one sentence, with the sentence's own lines."""
    paragraph = stored.paragraph
    if paragraph.line_start == paragraph.line_end:
        return cite(stored.source, paragraph, sentence, pages=stored.pages)
    text = state.source_text(stored.source.document_id)
    return cite(stored.source, paragraph, sentence, lines=lines_of(text, sentence.segments), pages=stored.pages)


def _cited(digest: bytes, stored: StoredParagraph, language: str | None) -> CitedParagraph:
    paragraph = stored.paragraph
    return CitedParagraph(
        digest=digest,
        stored=stored,
        citation=cite(stored.source, paragraph, pages=stored.pages),
        sentence_terms=tuple(
            frozenset(terms_in(language, paragraph.text[sentence.start : sentence.end]))
            for sentence in paragraph.sentences
        ),
        answering=tuple(
            at
            for at, sentence in enumerate(paragraph.sentences)
            if not is_question(paragraph.text[sentence.start : sentence.end])
        ),
    )
