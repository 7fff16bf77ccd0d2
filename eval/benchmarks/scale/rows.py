"""Paragraphs for the scale curve: real sentences where there are enough, beyond that drawn around real ones.

A paragraph is one to four sentences that follow each other in a bench corpus; a document has ten paragraphs. A
sentence's vector is its own the first time round, and after that its own with a difference of two others added, so that
what is drawn varies as the real ones do. A paragraph's vector is the mean of its sentences', scaled to length 1. From
the second time round a sentence in three is replaced by another one's text, and a number is added, so that no text is a
copy of another.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

import numpy as np

from wherefrom.index.arrays import Matrix
from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.ranking.query import Query, encode
from wherefrom.index.scoring.late_interaction import pack
from wherefrom.index.storage.rows import IndexedDocument, Row

CORPORA = ("squad2", "scifact")
QUESTIONS = 200
PARAGRAPHS = 10
MOST_SENTENCES = 4
VARIATION = 0.7
"""How much of a difference is added: a drawn vector has a cosine of about 0.73 with its own."""
TOKENS = 8
"""Tokens of a paragraph that are kept, so that a million paragraphs' fit on a disk."""
READ = 200
SEED = 20160202


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """What was embedded: sentences in their order with a vector each, and questions; `tokens` are packed."""

    sentences: Sequence[str]
    vectors: Matrix
    tokens: Sequence[bytes]
    questions: Sequence[Query]

    @classmethod
    def embedded(cls, bench: Path, most: int, embedder: Embedder, cache: Path) -> Self:
        """The first sentences of the bench corpora; their vectors are kept in `cache`, since they take minutes."""
        sentences = [sentence for name in CORPORA for sentence in _sentences(bench / name)][:most]
        kept = cache / f"sentences-{embedder.identity.sha256[:8]}-{_hash(sentences)}.npy"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(kept, embedder.encode(sentences))
        readings = embedder.embed_in_context(sentences[:READ], [""] * READ)
        asked = list(_texts(bench / "squad2" / "queries.jsonl"))[:QUESTIONS]
        return cls(
            sentences=sentences,
            vectors=np.load(kept),
            tokens=[pack(reading.tokens[:TOKENS]) for reading in readings],
            questions=[encode(question, embedder) for question in asked],
        )

    def documents(self, paragraphs: int) -> Iterator[IndexedDocument]:
        """Documents of so many paragraphs in all, the same ones whenever they are asked for."""
        chance = np.random.default_rng(SEED)
        for number in range(-(-paragraphs // PARAGRAPHS)):
            wanted = min(PARAGRAPHS, paragraphs - number * PARAGRAPHS)
            rows = tuple(self._row(number * PARAGRAPHS + at, at + 1, chance) for at in range(wanted))
            name = f"document-{number:07}"
            digest = sha256(name.encode()).hexdigest()
            yield IndexedDocument(document_id=name, digest=digest, publisher=None, published=None, rows=rows)

    def _row(self, paragraph: int, number: int, chance: np.random.Generator) -> Row:
        count = int(chance.integers(1, MOST_SENTENCES + 1))
        start = paragraph * 5 // 2  # two and a half sentences a paragraph, so that the first round uses each once
        real = (start + np.arange(count)) % len(self.sentences)
        again = start + count > len(self.sentences)
        vectors = self._varied(real, chance) if again else self.vectors[real]
        said = np.where(chance.random(count) < 1 / 3, chance.integers(0, len(self.sentences), count), real)
        mean = vectors.mean(axis=0)
        return Row(
            number=number,
            text=" ".join(
                [self.sentences[at] for at in (said if again else real).tolist()] + [f"#{paragraph}"] * again
            ),
            vector=vectors[0] if count == 1 else mean / np.linalg.norm(mean),
            sentences=vectors,
            tokens=self.tokens[paragraph % len(self.tokens)],
        )

    def _varied(self, real: "np.typing.NDArray[np.int64]", chance: np.random.Generator) -> Matrix:
        one, other = chance.integers(0, len(self.vectors), (2, len(real)))
        drawn = self.vectors[real] + VARIATION * (self.vectors[one] - self.vectors[other])
        unit: Matrix = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
        return unit


def _sentences(corpus: Path) -> Iterator[str]:
    for text in _texts(corpus / "corpus.jsonl"):
        yield from (text[start:end] for start, end in split_sentences(text))


def _texts(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]


def _hash(texts: Sequence[str]) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()[:12]
