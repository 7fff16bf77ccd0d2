"""Speed of the encoder alone: the exported graph and sentence-transformers, on questions and on a corpus."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from wherefrom.eval.datasets.beir import BeirDocument
from wherefrom.eval.datasets.documents import build_document
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder
from wherefrom.index.library import Library

BATCH_SIZES = (8, 16, 32, 64, 128)
ROUNDS = 5
QUESTION_BATCH_SIZE = 32
SINGLE_QUESTIONS = 60
"""Number of questions that are encoded one at a time in each round."""
CHUNK_DOCUMENTS = 24
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSpeed:
    """Milliseconds for a single question, and questions per second in batches."""

    single_ms: float
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSpeed:
    """Texts (paragraphs and sentences) per second.

    `reference` is sentence-transformers with its fastest batch size `batch`, `exported` is the exported graph, and
    `index` is the complete indexing with the exported graph.
    """

    batch: int
    reference: float
    exported: float
    index: float


def question_speeds(embedders: Sequence[Embedder], questions: Sequence[str]) -> list[QuestionSpeed]:
    """Return the medians over rounds in which the embedders take turns."""
    single: list[list[float]] = [[] for _ in embedders]
    rates: list[list[float]] = [[] for _ in embedders]
    for embedder in embedders:
        embedder.encode(questions[:QUESTION_BATCH_SIZE])
    for _ in range(ROUNDS):
        for number, embedder in enumerate(embedders):
            single[number] += [
                _seconds(partial(embedder.embed_in_context, [each], [""])) for each in questions[:SINGLE_QUESTIONS]
            ]
            seconds = _seconds(partial(_encode_all, embedder, questions))
            rates[number].append(len(questions) / seconds)
    return [
        QuestionSpeed(single_ms=statistics.median(times) * 1000, rate=statistics.median(rate))
        for times, rate in zip(single, rates, strict=True)
    ]


def build_speed(
    exported: Embedder, reference: SentenceTransformerEmbedder, documents: Sequence[BeirDocument]
) -> BuildSpeed:
    """Return the medians over chunks of a corpus, sentences included, which both embedders embed in turn."""
    chunks = [list(part) for part in _parts(documents, CHUNK_DOCUMENTS)][: ROUNDS + 1]
    texts = [[text for document in chunk for text in _texts(document)] for chunk in chunks]
    batch = min(BATCH_SIZES, key=lambda size: _seconds(lambda: _encode_reference(reference, texts[0], size)))
    exported.encode(texts[0])
    rates: list[tuple[float, float, float]] = []
    with TemporaryDirectory() as data, Library.open(Path(data), embedder=exported) as library:
        for chunk, chunk_texts in zip(chunks[1:], texts[1:], strict=True):
            seconds = (
                _seconds(partial(_encode_reference, reference, chunk_texts, batch)),
                _seconds(partial(exported.encode, chunk_texts)),
                _seconds(
                    partial(library.put_many, [(each.id, build_document(each.id, [each.paragraph])) for each in chunk])
                ),
            )
            rates.append(tuple(len(chunk_texts) / each for each in seconds))  # type: ignore[arg-type]
    medians = np.median(np.array(rates), axis=0).tolist()
    return BuildSpeed(batch=batch, reference=medians[0], exported=medians[1], index=medians[2])


def _encode_all(embedder: Embedder, questions: Sequence[str]) -> None:
    for part in _parts(questions, QUESTION_BATCH_SIZE):
        embedder.encode(part)


def _encode_reference(reference: SentenceTransformerEmbedder, texts: Sequence[str], batch: int) -> None:
    reference.model.encode(list(texts), batch_size=batch, normalize_embeddings=True, show_progress_bar=False)


def _texts(document: BeirDocument) -> list[str]:
    (paragraph,) = build_document(document.id, [document.paragraph]).paragraphs
    sentences = [paragraph.text[each.start : each.end] for each in paragraph.sentences]
    return [paragraph.text, *(sentences if len(sentences) > 1 else [])]


def _parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
