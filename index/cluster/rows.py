"""The columns and vectors of paragraphs, read from PostgreSQL and cached: a paragraph's number identifies one text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Array, Matrix, Rows
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.embedding.paragraph_vectors import load_paragraph_vectors
from wherefrom.index.storage.serialization import UnreadableValue

CACHED_ROWS = 16_384
"""Number of paragraphs whose columns are cached, of about 3 KB each."""
CACHED_VECTORS = 4_096
"""Number of paragraphs whose vectors are cached, of about 8 KB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A paragraph: its number, its document's version, id, digest, language and date, and the counts of its terms.

    `counts` has the frequency of each of its terms, by term number. `preceding` is the number of the paragraph before
    it in its document, its own for a first paragraph.
    """

    paragraph: int
    version: int
    document_id: str
    digest: bytes
    number: int
    language: str | None
    published: int
    length: int
    text_key: int
    counts: Mapping[int, int]

    @property
    def preceding(self) -> int:
        """The paragraph before this one; the paragraphs of a version are numbered one after another."""
        return self.paragraph - 1 if self.number > 1 else self.paragraph

    @property
    def place(self) -> tuple[str, int]:
        """The sort key of rows: the id of the document and the number of the paragraph."""
        return self.document_id, self.number


class RowCache:
    """A cache of rows, shared by all questions. Thread-safe."""

    def __init__(self) -> None:
        self._rows: BoundedCache[int, Row] = BoundedCache(CACHED_ROWS)
        self._vectors: BoundedCache[int, tuple[Matrix, Matrix]] = BoundedCache(CACHED_VECTORS)
        self._tokens: BoundedCache[int, Array] = BoundedCache(CACHED_VECTORS)

    def rows(self, db: Database, numbers: Sequence[int]) -> dict[int, Row]:
        """Return the rows with these numbers; rows that no longer exist are left out."""
        found = {number: row for number in numbers if (row := self._rows.get(number)) is not None}
        missing = [number for number in numbers if number not in found]
        if missing:
            query = """SELECT paragraph, version, document_id, digest, number, language, published, length, text_key,
                paragraphs.terms, counts FROM paragraphs JOIN versions USING (version) WHERE paragraph = ANY(%s)"""
            for paragraph, version, document_id, digest, *columns, terms, counts in db.execute(query, (missing,)):
                number, language, published, length, text_key = columns
                row = Row(
                    paragraph=paragraph,
                    version=version,
                    document_id=document_id,
                    digest=bytes.fromhex(digest),
                    number=number,
                    language=language,
                    published=published,
                    length=length,
                    text_key=text_key,
                    counts=dict(zip(terms, counts, strict=True)),
                )
                found[paragraph] = row
                self._rows.put(paragraph, row)
        return found

    def row(self, db: Database, number: int) -> Row:
        """Return one row. Raises UnreadableValue if it is not there."""
        found = self.rows(db, [number])
        if number not in found:
            raise UnreadableValue(f"paragraph {number} is not there")
        return found[number]

    def vectors(self, db: Database, numbers: Rows) -> list[tuple[Matrix, Matrix]]:
        """Return the vectors of paragraphs and of their sentences, shapes (dimension,) and (sentences, dimension)."""
        wanted = numbers.tolist()
        found = {number: held for number in wanted if (held := self._vectors.get(number)) is not None}
        missing = [number for number in wanted if number not in found]
        if missing:
            query = "SELECT paragraph, vector, sentences FROM vectors WHERE paragraph = ANY(%s)"
            for number, vector, sentences in db.execute(query, (missing,), binary=True):
                loaded = load_paragraph_vectors(vector, sentences, b"")
                found[number] = loaded.paragraph, loaded.sentences
                self._vectors.put(number, found[number])
        return [found[number] for number in wanted]

    def tokens(self, db: Database, numbers: Rows) -> list[Array]:
        """Return the packed tokens of paragraphs, each as an array of bytes."""
        wanted = numbers.tolist()
        found = {number: held for number in wanted if (held := self._tokens.get(number)) is not None}
        missing = [number for number in wanted if number not in found]
        if missing:
            query = "SELECT paragraph, tokens FROM vectors WHERE paragraph = ANY(%s)"
            for number, tokens in db.execute(query, (missing,), binary=True):
                found[number] = np.frombuffer(tokens, dtype=np.uint8)
                self._tokens.put(number, found[number])
        return [found[number] for number in wanted]
