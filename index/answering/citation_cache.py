"""What answers show of a paragraph: read from the catalog and cited once, and kept while there is room.

What is kept is known by its document's digest, which is over all that an answer could show: it is right in any state
of the collection, and a changed document is another one.
"""

from dataclasses import dataclass

from wherefrom.index.answering.citations import cite, lines_of
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.storage.catalog import Catalog
from wherefrom.index.text.analyzer import terms
from wherefrom.index.types import Citation, Sentence, StoredParagraph

MOST = 8_192
"""Paragraphs kept, each of some 5 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A paragraph, its citation, and the terms that each of its sentences says."""

    digest: bytes
    stored: StoredParagraph
    citation: Citation
    said: tuple[frozenset[str], ...]


class Quotations:
    """The paragraphs and sentences that answers showed."""

    def __init__(self) -> None:
        self._paragraphs: BoundedCache[tuple[bytes, int], Quotation] = BoundedCache(MOST)
        self._by_row: tuple[Snapshot | None, BoundedCache[int, Quotation]] = None, BoundedCache(MOST)
        self._sentences: BoundedCache[tuple[bytes, int, int], Citation] = BoundedCache(MOST)

    def paragraph(self, row: int, snapshot: Snapshot, catalog: Catalog) -> Quotation:
        """What a row's paragraph is quoted as; the catalog must be held at the snapshot's state."""
        of, by_row = self._by_row
        if of is not snapshot:
            by_row = BoundedCache(MOST)
            self._by_row = snapshot, by_row
        return by_row.get_or_compute(row, lambda: self._paragraph(row, snapshot, catalog))

    def _paragraph(self, row: int, snapshot: Snapshot, catalog: Catalog) -> Quotation:
        """What was quoted in any state, as long as the document is the same."""
        digest, number = snapshot.document_digest(row), snapshot.number(row)

        def quote() -> Quotation:
            return _quote(digest, catalog.paragraph(snapshot.document_id(row), number))

        return self._paragraphs.get_or_compute((digest, number), quote)

    def sentence(self, quotation: Quotation, sentence: Sentence, catalog: Catalog) -> Citation:
        """The citation of one sentence of it, with the lines that it stands on itself."""
        key = (quotation.digest, quotation.stored.paragraph.number, sentence.start)
        return self._sentences.get_or_compute(key, lambda: sentence_citation(quotation.stored, sentence, catalog))


def sentence_citation(stored: StoredParagraph, sentence: Sentence, catalog: Catalog) -> Citation:
    """The citation of one sentence, with the lines that it stands on itself."""
    paragraph = stored.paragraph
    if paragraph.line_start == paragraph.line_end:
        return cite(stored.source, paragraph, sentence)
    text = catalog.raw(stored.source.document_id).decode(stored.source.encoding)
    return cite(stored.source, paragraph, sentence, lines=lines_of(text, sentence.segments))


def _quote(digest: bytes, stored: StoredParagraph) -> Quotation:
    paragraph = stored.paragraph
    said = (terms(paragraph.text[sentence.start : sentence.end]) for sentence in paragraph.sentences)
    return Quotation(
        digest=digest,
        stored=stored,
        citation=cite(stored.source, paragraph),
        said=tuple(frozenset(stems) for stems in said),
    )
