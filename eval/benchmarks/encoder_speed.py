"""The encoder alone: the exported graph beside sentence-transformers, on questions and on what an index is made of."""

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
from wherefrom.eval.measurement.beir_scores import as_document
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder
from wherefrom.index.library import Library

BATCHES = (8, 16, 32, 64, 128)
ROUNDS = 5
TOGETHER = 32
CHUNK = 24
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSpeed:
    """Milliseconds of one question at a time, and questions a second in batches."""

    alone_ms: float
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSpeed:
    """Texts (paragraphs and sentences) a second: sentence-transformers' own, our encoder's, and of a whole index."""

    batch: int
    reference: float
    exported: float
    index: float


def question_speeds(embedders: Sequence[Embedder], questions: Sequence[str]) -> list[QuestionSpeed]:
    """Medians over rounds in which the embedders take turns."""
    alone: list[list[float]] = [[] for _ in embedders]
    rates: list[list[float]] = [[] for _ in embedders]
    for embedder in embedders:
        embedder.encode(questions[:TOGETHER])
    for _ in range(ROUNDS):
        for number, embedder in enumerate(embedders):
            alone[number] += [_seconds(partial(embedder.embed_in_context, [each], [""])) for each in questions[:60]]
            took = _seconds(partial(_encode_all, embedder, questions))
            rates[number].append(len(questions) / took)
    return [
        QuestionSpeed(alone_ms=statistics.median(times) * 1000, rate=statistics.median(rate))
        for times, rate in zip(alone, rates, strict=True)
    ]


def build_speed(
    exported: Embedder, reference: SentenceTransformerEmbedder, documents: Sequence[BeirDocument]
) -> BuildSpeed:
    """Medians over chunks of a corpus, sentences included, that both embed in turn."""
    chunks = [list(part) for part in _parts(documents, CHUNK)][: ROUNDS + 1]
    texts = [[text for document in chunk for text in _texts(document)] for chunk in chunks]
    batch = min(BATCHES, key=lambda size: _seconds(lambda: _reference(reference, texts[0], size)))
    exported.encode(texts[0])
    rates: list[tuple[float, float, float]] = []
    with TemporaryDirectory() as data, Library.open(Path(data), embedder=exported) as library:
        for chunk, own in zip(chunks[1:], texts[1:], strict=True):
            took = (
                _seconds(partial(_reference, reference, own, batch)),
                _seconds(partial(exported.encode, own)),
                _seconds(partial(library.put_many, [(each.id, as_document(each, each.id)) for each in chunk])),
            )
            rates.append(tuple(len(own) / each for each in took))  # type: ignore[arg-type]
    medians = np.median(np.array(rates), axis=0).tolist()
    return BuildSpeed(batch=batch, reference=medians[0], exported=medians[1], index=medians[2])


def _encode_all(embedder: Embedder, questions: Sequence[str]) -> None:
    for part in _parts(questions, TOGETHER):
        embedder.encode(part)


def _reference(reference: SentenceTransformerEmbedder, texts: Sequence[str], batch: int) -> None:
    reference.model.encode(list(texts), batch_size=batch, normalize_embeddings=True, show_progress_bar=False)


def _texts(document: BeirDocument) -> list[str]:
    (paragraph,) = as_document(document, document.id).paragraphs
    sentences = [paragraph.text[each.start : each.end] for each in paragraph.sentences]
    return [paragraph.text, *(sentences if len(sentences) > 1 else [])]


def _parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
