"""What a model makes of documents: a vector per paragraph and per sentence, and packed token vectors."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.token_head import project
from wherefrom.index.scoring.late_interaction import pack
from wherefrom.index.types import Document, Paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphVectors:
    """What a model makes of a paragraph: its vector, a row a sentence, its tokens as `interaction.pack` packs them."""

    paragraph: Matrix
    sentences: Matrix
    tokens: bytes

    def stored(self) -> tuple[bytes, bytes, bytes]:
        """The three as the catalog keeps them."""
        return self.paragraph.tobytes(), self.sentences.tobytes(), self.tokens


DocumentVectors = Sequence[ParagraphVectors]
"""Those of a document's paragraphs, in order."""


def load_paragraph_vectors(paragraph: bytes, sentences: bytes, tokens: bytes) -> ParagraphVectors:
    """The vectors of a paragraph, from its columns in the order of `ParagraphVectors`."""
    whole = np.frombuffer(paragraph, dtype=np.float32)
    rows = np.frombuffer(sentences, dtype=np.float32).reshape(-1, len(whole))
    return ParagraphVectors(paragraph=whole, sentences=rows, tokens=tokens)


def embed_documents(documents: Sequence[Document], embedder: Embedder) -> list[DocumentVectors]:
    """For every document the vectors of its paragraphs, of their sentences, and of their tokens.

    Paragraphs and sentences go to the model apart, so that short texts are not padded to the length of long ones;
    a paragraph of one sentence is embedded once. Tokens are read after the paragraph before; where there is none, the
    vector that comes with them is the paragraph's own.
    """
    paragraphs = [paragraph for document in documents for paragraph in document.paragraphs]
    texts = [paragraph.text for paragraph in paragraphs]
    befores = [before for document in documents for before in _befores(document)]
    readings = embedder.embed_in_context(texts, befores)
    alone = iter(embedder.encode([text for text, before in zip(texts, befores, strict=True) if before]))
    whole = [next(alone) if before else reading.vector for before, reading in zip(befores, readings, strict=True)]
    tokens = [pack(project(reading.tokens, embedder.identity)) for reading in readings]
    several = [paragraph_texts(paragraph)[1:] for paragraph in paragraphs]
    parts = embedder.encode([text for texts in several if len(texts) > 1 for text in texts])
    sentences = _rows(whole, parts, [len(texts) for texts in several])
    made = (
        ParagraphVectors(paragraph=vector, sentences=rows, tokens=packed)
        for vector, rows, packed in zip(whole, sentences, tokens, strict=True)
    )
    return [[next(made) for _ in document.paragraphs] for document in documents]


def _befores(document: Document) -> Iterator[str]:
    """For each paragraph the text of the one before it; nothing for the first."""
    yield from ("", *(paragraph.text for paragraph in document.paragraphs))[: len(document.paragraphs)]


def _rows(whole: Sequence[Matrix], parts: Matrix, counts: Iterable[int]) -> Iterator[Matrix]:
    """Each paragraph's sentence vectors: its own rows of `parts`, or its whole vector if it is one sentence."""
    taken = 0
    for vector, count in zip(whole, counts, strict=True):
        if count > 1:
            yield parts[taken : taken + count]
            taken += count
        else:
            yield vector.reshape(1, -1)


def paragraph_texts(paragraph: Paragraph) -> list[str]:
    """A paragraph's text, then its sentences'."""
    return [paragraph.text, *(paragraph.text[sentence.start : sentence.end] for sentence in paragraph.sentences)]
