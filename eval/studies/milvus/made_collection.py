"""A random collection, and a ledger of its expected contents with exhaustive searches.

It has every kind of metadata that filters use, and needs no model: the vectors are random, each near one of several
centres.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import TypeVar

import numpy as np

from wherefrom.index.arrays import Matrix, unit
from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, ParagraphVectors
from wherefrom.index.embedding.protocol import ModelIdentity, TextEmbedding
from wherefrom.index.engine import Item
from wherefrom.index.scoring.late_interaction import pack
from wherefrom.index.types import Document, Metadata, Paragraph, Sentence, Span

DIMENSION = 64
CENTRES = 40
SPREAD = 0.8
"""Length of the random offset of a vector from its centre, which has length 1."""
MAX_PARAGRAPHS, MAX_SENTENCES = 6, 4
PUBLISHERS = ("Eastport Herald", "Valley Times", "The Islander", "Border Post")
AGENCIES = ("AFP", "Reuters", None)
AUTHORS = ("Ann Otter", "Ben Heron", "Cleo Finch", "Dan Wren", "Eva Crane")
LANGUAGES = ("en-GB", "en", "de", None)
WORDS = ("harbour", "bridge", "museum", "railway", "orchard", "telescope", "election", "storm", "budget", "treaty")
FIRST_DAY = date(2015, 1, 1)
DAYS = 3_000
Key = TypeVar("Key")
Place = tuple[str, int]
"""A document id and the number of a paragraph."""


class NoModel:
    """An embedder that has the identity of the random vectors and refuses to embed."""

    identity = ModelIdentity(name="made", sha256="0" * 64, dimension=DIMENSION, files={})

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Refuse."""
        raise NotImplementedError

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Refuse."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A document to store, with its vectors."""

    item: Item
    vectors: DocumentVectors

    @property
    def metadata(self) -> Metadata:
        """The metadata that filters use."""
        return self.item[1].metadata


class Maker:
    """Makes random documents and questions, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._centres = unit(self._random.standard_normal((CENTRES, DIMENSION)).astype(np.float32))

    def vectors(self, count: int) -> Matrix:
        """Return random unit vectors, shape (count, DIMENSION)."""
        noise = self._random.standard_normal((count, DIMENSION)) * SPREAD / np.sqrt(DIMENSION)
        return unit((self._centres[self._random.integers(0, CENTRES, count)] + noise).astype(np.float32))

    def document(self, document_id: str) -> MadeDocument:
        """Return a document with this id, and different contents in each call."""
        paragraphs = [self._paragraph(at + 1) for at in range(self._below(MAX_PARAGRAPHS) + 1)]
        raw = "\n".join(paragraph.text for paragraph in paragraphs).encode()
        document = Document(
            source=f"{document_id}.txt",
            raw=raw,
            source_sha256=sha256(raw).hexdigest(),
            encoding="utf-8",
            metadata=self._metadata(),
            paragraphs=tuple(paragraphs),
            dropped=(),
        )
        return MadeDocument((document_id, document), [self._paragraph_vectors() for _ in paragraphs])

    def chance(self, share: float) -> bool:
        """Return true with this probability."""
        return bool(self._random.random() < share)

    def one_of(self, values: Sequence[str]) -> str:
        """Return one of some values."""
        return values[self._below(len(values))]

    def _below(self, limit: int) -> int:
        return int(self._random.integers(0, limit))

    def _paragraph(self, number: int) -> Paragraph:
        words = " ".join(self.one_of(WORDS) for _ in range(12))
        text = f"The {words} of report {self._below(10**9)}."
        segments = (Span(start=0, end=len(text)),)
        sentence = Sentence(start=0, end=len(text), segments=segments)
        return Paragraph(
            number=number, text=text, segments=segments, sentences=(sentence,), line_start=number, line_end=number
        )

    def _paragraph_vectors(self) -> ParagraphVectors:
        count = self._below(MAX_SENTENCES) + 1
        paragraph = self.vectors(1)[0]
        sentences = paragraph.reshape(1, -1) if count == 1 else self.vectors(count)
        return ParagraphVectors(paragraph=paragraph, sentences=sentences, tokens=pack(self.vectors(2)))

    def _metadata(self) -> Metadata:
        authors = tuple(author for author in AUTHORS if self.chance(0.3))
        published = FIRST_DAY + timedelta(days=self._below(DAYS)) if self.chance(0.8) else None
        return Metadata(
            title=" ".join(self.one_of(WORDS) for _ in range(3)),
            publisher=self.one_of(PUBLISHERS) if self.chance(0.9) else None,
            agency=AGENCIES[self._below(len(AGENCIES))],
            authors=authors,
            published=published,
            language=LANGUAGES[self._below(len(LANGUAGES))],
            extra={
                "desk": self.one_of(("news", "sport", "culture")),
                "priority": self._below(10),
                "ratings": tuple(self._below(100) / 10 for _ in range(self._below(4))),
                "checked": self.chance(0.5),
            },
        )


@dataclass(slots=True)
class Ledger:
    """The expected contents of a collection: its documents by id."""

    documents: dict[str, MadeDocument] = field(default_factory=dict)

    def places(
        self,
        documents: Callable[[MadeDocument], bool] = lambda _: True,
        paragraphs: Callable[[Paragraph], bool] = lambda _: True,
    ) -> set[Place]:
        """Return the places of the allowed paragraphs of the allowed documents."""
        return {
            (document_id, paragraph.number)
            for document_id, made in self.documents.items()
            if documents(made)
            for paragraph in made.item[1].paragraphs
            if paragraphs(paragraph)
        }

    def nearest(self, vector: Matrix, count: int, allowed: set[Place]) -> list[tuple[Place, float]]:
        """Return the allowed paragraphs with the highest cosines with a vector, best first."""
        return _best(((place, held.paragraph) for place, held in self._vectors() if place in allowed), vector, count)

    def nearest_sentences(self, vector: Matrix, count: int) -> list[tuple[tuple[Place, int], float]]:
        """Return the sentences, as places and their positions, with the highest cosines, best first."""
        return _best(
            (((place, at), each) for place, held in self._vectors() for at, each in enumerate(held.sentences)),
            vector,
            count,
        )

    def _vectors(self) -> Iterator[tuple[Place, ParagraphVectors]]:
        for document_id, made in self.documents.items():
            for paragraph, held in zip(made.item[1].paragraphs, made.vectors, strict=True):
                yield (document_id, paragraph.number), held


def _best(vectors: Iterable[tuple[Key, Matrix]], query: Matrix, count: int) -> list[tuple[Key, float]]:
    keys, rows = zip(*vectors, strict=True)
    scores = np.stack(rows) @ query
    order = np.argsort(-scores, kind="stable")[:count]
    return [(keys[at], float(scores[at])) for at in order.tolist()]
