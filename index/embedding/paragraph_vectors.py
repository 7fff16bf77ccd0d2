"""Embeds documents: a vector for each paragraph and each sentence, and packed token vectors for each paragraph.

Texts are embedded in Unicode's form NFKC, so that a ligature equals its letters for every model, and with months
spelled out, so that "Jan. 6" has the same vector as "January 6".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.token_head import project
from wherefrom.index.scoring.late_interaction import pack
from wherefrom.index.text.spellings import embeddable
from wherefrom.index.types import Document, Paragraph

PORTION_CHARACTERS = 64 * 1024
"""Approximate number of characters of paragraphs embedded together: with 16,384, a text takes 10 % longer."""
ParagraphInContext = tuple[Paragraph, str]
"""A paragraph and the text of the preceding one, empty for a document's first paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphVectors:
    """The unit vectors of a paragraph, float32.

    `paragraph` has shape (dimension,), `sentences` shape (sentences, dimension). `tokens` are the projected token
    vectors as `late_interaction.pack` encodes them.
    """

    paragraph: Matrix
    sentences: Matrix
    tokens: bytes

    def stored(self) -> tuple[bytes, bytes, bytes]:
        """Return the three fields as the bytes that the catalog stores; `load_paragraph_vectors` reads them."""
        return self.paragraph.tobytes(), self.sentences.tobytes(), self.tokens


DocumentVectors = Sequence[ParagraphVectors]
"""The vectors of a document's paragraphs, in order."""


def load_paragraph_vectors(paragraph: bytes, sentences: bytes, tokens: bytes) -> ParagraphVectors:
    """Return the vectors of a paragraph from the result of `ParagraphVectors.stored`."""
    vector = np.frombuffer(paragraph, dtype=np.float32)
    rows = np.frombuffer(sentences, dtype=np.float32).reshape(-1, len(vector))
    return ParagraphVectors(paragraph=vector, sentences=rows, tokens=tokens)


def embed_documents(
    documents: Sequence[Document], embedder: Embedder, check: Callable[[], None] | None = None
) -> list[DocumentVectors]:
    """Return for each document the vectors of its paragraphs, their sentences and their tokens.

    The paragraphs are embedded in portions, so that neither the working memory nor the time between calls of `check`
    depends on the length of the documents. An exception of `check` ends the work.
    """
    inputs = [
        (paragraph, context)
        for document in documents
        for paragraph, context in zip(document.paragraphs, _preceding_texts(document), strict=True)
    ]
    vectors = (each for portion in _portions(inputs) for each in _embed(portion, embedder, check or _go_on))
    return [[next(vectors) for _ in document.paragraphs] for document in documents]


def embed_marked(
    documents: Sequence[Document],
    marked: Sequence[bool],
    embedder: Embedder,
    check: Callable[[], None] | None = None,
) -> list[DocumentVectors | None]:
    """Return the vectors of each marked document, as `embed_documents` does, and `None` for the others."""
    chosen = [document for document, is_marked in zip(documents, marked, strict=True) if is_marked]
    embedded = iter(embed_documents(chosen, embedder, check))
    return [next(embedded) if is_marked else None for is_marked in marked]


def _portions(inputs: Sequence[ParagraphInContext]) -> Iterator[Sequence[ParagraphInContext]]:
    """Yield the inputs in consecutive portions of about PORTION_CHARACTERS."""
    portion: list[ParagraphInContext] = []
    characters = 0
    for each in inputs:
        portion.append(each)
        characters += len(each[0].text)
        if characters >= PORTION_CHARACTERS:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion


def _embed(
    inputs: Sequence[ParagraphInContext], embedder: Embedder, check: Callable[[], None]
) -> Iterator[ParagraphVectors]:
    """Yield the vectors of paragraphs.

    Paragraphs and sentences are embedded in separate calls, so that short texts are not padded to the length of long
    ones. A paragraph of one sentence is embedded once. The token vectors are computed with the preceding paragraph as
    context; for a document's first paragraph, which has none, the same call returns the paragraph's vector.
    """
    texts = [embeddable(paragraph.text) for paragraph, _ in inputs]
    contexts = [embeddable(context) for _, context in inputs]
    check()
    embeddings = embedder.embed_in_context(texts, contexts)
    tokens = [pack(project(embedding.tokens, embedder.identity)) for embedding in embeddings]
    check()
    encoded = iter(embedder.encode([text for text, context in zip(texts, contexts, strict=True) if context]))
    vectors = [
        next(encoded) if context else embedding.vector for context, embedding in zip(contexts, embeddings, strict=True)
    ]
    check()
    sentence_texts = [[embeddable(text) for text in paragraph_texts(paragraph)[1:]] for paragraph, _ in inputs]
    encoded_sentences = embedder.encode([text for texts in sentence_texts if len(texts) > 1 for text in texts])
    sentences = _sentence_rows(vectors, encoded_sentences, [len(texts) for texts in sentence_texts])
    for vector, rows, packed in zip(vectors, sentences, tokens, strict=True):
        yield ParagraphVectors(paragraph=vector, sentences=rows, tokens=packed)


def _go_on() -> None:
    """Check nothing."""


def _preceding_texts(document: Document) -> Iterator[str]:
    """Yield for each paragraph the text of the preceding one, and an empty text for the first."""
    yield from ("", *(paragraph.text for paragraph in document.paragraphs))[: len(document.paragraphs)]


def _sentence_rows(vectors: Sequence[Matrix], encoded: Matrix, counts: Iterable[int]) -> Iterator[Matrix]:
    """Yield each paragraph's sentence vectors: its rows of `encoded`, or its own vector if it is a single sentence."""
    start = 0
    for vector, count in zip(vectors, counts, strict=True):
        if count > 1:
            yield encoded[start : start + count]
            start += count
        else:
            yield vector.reshape(1, -1)


def paragraph_texts(paragraph: Paragraph) -> list[str]:
    """Return a paragraph's text, followed by the texts of its sentences."""
    return [paragraph.text, *(paragraph.text[sentence.start : sentence.end] for sentence in paragraph.sentences)]
