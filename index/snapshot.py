"""One state of a collection, ready to be searched: everything here follows from the catalog, and never changes.

Rows are paragraphs ordered by document id and number, so equal collections have equal rows whatever their history.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from index import schema
from index.catalog import Catalog
from index.embedder import Matrix
from index.lexicon import Lexicon
from index.records import Row, Source
from index.terms import terms
from index.types import IndexInfo
from index.vectors import Mask, Rows, VectorIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Structures:
    """What is searched; costly to build and so kept on disk.

    `lengths` are the rows' numbers of terms, `copies` names for each row the first one with the same text.
    """

    paragraphs: VectorIndex
    sentences: VectorIndex
    sentence_offsets: Rows
    lexicon: Lexicon
    lengths: Rows
    copies: Rows

    def sentence_rows(self, row: int) -> range:
        """The rows of a paragraph's sentences."""
        return range(int(self.sentence_offsets[row]), int(self.sentence_offsets[row + 1]))

    def owners(self, sentence_rows: Rows) -> Rows:
        """The paragraph row of each sentence row."""
        owners: Rows = np.searchsorted(self.sentence_offsets, sentence_rows, side="right") - 1
        return owners


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The structures with what the catalog says of their rows, all of one revision."""

    revision: int
    info: IndexInfo
    structures: Structures
    paragraph_ids: Rows
    numbers: Rows
    document_rows: Rows
    documents: tuple[Source, ...]
    has_copies: bool

    def __len__(self) -> int:
        return len(self.paragraph_ids)

    def document_id(self, row: int) -> str:
        """The id of the document that a row's paragraph stands in."""
        return self.documents[int(self.document_rows[row])].document_id

    def before(self, rows: Rows) -> Rows:
        """For each row the row of the paragraph before it in its document; itself if it is the first."""
        earlier = np.maximum(rows - 1, 0)
        same: Rows = np.where(self.document_rows[earlier] == self.document_rows[rows], earlier, rows)
        return same

    def first_copies(self, allowed: Mask | None) -> Mask | None:
        """Of the rows allowed (null for all), those that no earlier allowed row says the same as; null for all rows."""
        if not self.has_copies:
            return allowed
        rows = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
        _, first = np.unique(self.structures.copies[rows], return_index=True)
        mask = np.zeros(len(self), dtype=bool)
        mask[rows[first]] = True
        return mask

    def other_copies(self, row: int, allowed: Mask | None) -> Rows:
        """The other rows allowed that say the same as this one."""
        if not self.has_copies:
            return np.empty(0, dtype=np.int64)
        copies = self.structures.copies
        same = (copies == copies[row]) if allowed is None else (copies == copies[row]) & allowed
        same[row] = False
        others: Rows = np.flatnonzero(same)
        return others

    def number(self, row: int) -> int:
        """A row's paragraph number in its document."""
        return int(self.numbers[row])


def build_structures(rows: Iterable[Row], dimension: int) -> Structures:
    """Build everything that is searched from the catalog's rows; nothing is embedded."""
    ordered = list(rows)
    tokens = [terms(row.text) for row in ordered]
    counts = [len(row.sentence_vectors) for row in ordered]
    return Structures(
        paragraphs=VectorIndex.build(_stack([row.vector.reshape(1, -1) for row in ordered], dimension)),
        sentences=VectorIndex.build(_stack([row.sentence_vectors for row in ordered], dimension)),
        sentence_offsets=np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64),
        lexicon=Lexicon.build(tokens),
        lengths=np.array([len(each) for each in tokens], dtype=np.int64),
        copies=first_copies([row.text for row in ordered]),
    )


def take_snapshot(catalog: Catalog, structures: Structures) -> Snapshot:
    """Join structures to what the catalog says of their rows; both must be of the same revision."""
    manifest = catalog.manifest()
    documents = tuple(catalog.sources())
    place = {source.document_id: row for row, source in enumerate(documents)}
    keys = catalog.paragraph_keys()
    info = IndexInfo(
        generation=schema.generation(manifest),
        documents=len(documents),
        passages=len(keys),
        model=manifest["model"],
        model_sha256=manifest["model_sha256"],
    )
    return Snapshot(
        revision=int(manifest["revision"]),
        info=info,
        structures=structures,
        paragraph_ids=np.array([paragraph_id for paragraph_id, _, _ in keys], dtype=np.int64),
        numbers=np.array([number for _, _, number in keys], dtype=np.int64),
        document_rows=np.array([place[document_id] for _, document_id, _ in keys], dtype=np.int64),
        documents=documents,
        has_copies=bool((structures.copies != np.arange(len(structures.copies))).any()),
    )


def first_copies(texts: Sequence[str]) -> Rows:
    """For each text the first row that says the same, apart from case and white space."""
    first: dict[str, int] = {}
    keys = (" ".join(text.casefold().split()) for text in texts)
    return np.array([first.setdefault(key, row) for row, key in enumerate(keys)], dtype=np.int64)


def _stack(blocks: Sequence[Matrix], dimension: int) -> Matrix:
    return np.concatenate([np.empty((0, dimension), dtype=np.float32), *blocks])
