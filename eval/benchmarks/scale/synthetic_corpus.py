"""The corpus of the scale curve: real sentences first, then synthetic variations of them.

A paragraph is one to four consecutive sentences of a bench corpus, and a document has ten paragraphs. When all
sentences have been used, they are used again with changes: a third of the texts is replaced by the text of another
sentence and a number is added, so that no two texts are equal, and the difference of two other vectors is added to a
vector, so that synthetic vectors vary as the real ones do. The vector of a paragraph is the mean of its sentences'
vectors, scaled to unit length.

Each size is indexed once as a base segment without a catalog, and the questions are saved beside it for the processes
that measure.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

import numpy as np

from wherefrom.index.arrays import Matrix
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.ranking.query import Query, encode
from wherefrom.index.scoring.late_interaction import pack
from wherefrom.index.segments import base_store
from wherefrom.index.storage import schema
from wherefrom.index.storage.rows import IndexedDocument, IndexedParagraph

CORPORA = ("squad2", "scifact")
QUESTIONS = 200
QUESTIONS_FILE = "questions.npy"
PARAGRAPHS_PER_DOCUMENT = 10
MAX_SENTENCES = 4
VARIATION = 0.7
"""Weight of the added difference; a synthetic vector has a cosine of about 0.73 with the real one."""
TOKENS = 8
"""Number of token vectors of a paragraph, so few that those of a million paragraphs fit on a disk."""
TOKEN_SAMPLES = 200
"""Number of sentences whose token vectors are computed; the paragraphs use them in turn."""
SEED = 20160202


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePool:
    """Embedded sentences in the order of their corpora, packed token vectors, and encoded questions."""

    sentences: Sequence[str]
    vectors: Matrix
    tokens: Sequence[bytes]
    questions: Sequence[Query]

    @classmethod
    def embed(cls, bench: Path, max_sentences: int, embedder: Embedder, cache: Path) -> Self:
        """Embed the first sentences of the bench corpora. It takes minutes, so the vectors are cached in `cache`."""
        sentences = [sentence for name in CORPORA for sentence in _sentences(bench / name)][:max_sentences]
        cached = cache / f"sentences-{embedder.identity.sha256[:8]}-{_hash(sentences)}.npy"
        if not cached.exists():
            cached.parent.mkdir(parents=True, exist_ok=True)
            np.save(cached, embedder.encode(sentences))
        embeddings = embedder.embed_in_context(sentences[:TOKEN_SAMPLES], [""] * TOKEN_SAMPLES)
        questions = list(_texts(bench / "squad2" / "queries.jsonl"))[:QUESTIONS]
        return cls(
            sentences=sentences,
            vectors=np.load(cached),
            tokens=[pack(embedding.tokens[:TOKENS]) for embedding in embeddings],
            questions=[encode(question, embedder) for question in questions],
        )

    def documents(self, paragraphs: int) -> Iterator[IndexedDocument]:
        """Yield documents with this total number of paragraphs, the same in every call."""
        random = np.random.default_rng(SEED)
        for number in range(-(-paragraphs // PARAGRAPHS_PER_DOCUMENT)):
            count = min(PARAGRAPHS_PER_DOCUMENT, paragraphs - number * PARAGRAPHS_PER_DOCUMENT)
            rows = tuple(self._row(number * PARAGRAPHS_PER_DOCUMENT + at, at + 1, random) for at in range(count))
            name = f"document-{number:07}"
            digest = sha256(name.encode()).hexdigest()
            yield IndexedDocument(document_id=name, digest=digest, publisher=None, published=None, rows=rows)

    def _row(self, paragraph: int, number: int, random: np.random.Generator) -> IndexedParagraph:
        count = int(random.integers(1, MAX_SENTENCES + 1))
        start = paragraph * 5 // 2  # 2.5 sentences per paragraph on average, so that the first pass uses each once
        positions = (start + np.arange(count)) % len(self.sentences)
        reused = start + count > len(self.sentences)
        vectors = self._varied(positions, random) if reused else self.vectors[positions]
        replaced = np.where(random.random(count) < 1 / 3, random.integers(0, len(self.sentences), count), positions)
        mean = vectors.mean(axis=0)
        return IndexedParagraph(
            number=number,
            text=" ".join(
                [self.sentences[at] for at in (replaced if reused else positions).tolist()] + [f"#{paragraph}"] * reused
            ),
            vector=vectors[0] if count == 1 else mean / np.linalg.norm(mean),
            sentences=vectors,
            tokens=self.tokens[paragraph % len(self.tokens)],
        )

    def _varied(self, positions: "np.typing.NDArray[np.int64]", random: np.random.Generator) -> Matrix:
        one, other = random.integers(0, len(self.vectors), (2, len(positions)))
        varied = self.vectors[positions] + VARIATION * (self.vectors[one] - self.vectors[other])
        unit: Matrix = (varied / np.linalg.norm(varied, axis=1, keepdims=True)).astype(np.float32)
        return unit


def save_questions(questions: Sequence[Query], data: Path) -> None:
    """Save the encoded questions for the processes that measure."""
    np.save(data / QUESTIONS_FILE, np.array(list(questions), dtype=object))


def build_base(pool: SentencePool, data: Path, size: int) -> None:
    """Build a base segment of `size` paragraphs in the folder `data / size`, unless it is there already."""
    folder = data / f"{size}"
    if (folder / "build.json").exists():
        return
    manifest = _manifest(size, pool.vectors.shape[1])
    started = time.perf_counter()
    base_store.write_base(pool.documents(size), manifest, folder)
    (folder / "build.json").write_text(json.dumps({"seconds": time.perf_counter() - started, "manifest": manifest}))


def _manifest(size: int, dimension: int) -> Mapping[str, str]:
    names = ("model", "model_sha256", "model_files")
    counts = {"dimension": dimension, "documents": -(-size // 10), "passages": size, "revision": 1}
    return {**dict.fromkeys(names, "scale"), "cleaner": CLEANER_VERSION, "corpus": schema.EMPTY_CORPUS} | {
        name: str(count) for name, count in counts.items()
    }


def _sentences(corpus: Path) -> Iterator[str]:
    for text in _texts(corpus / "corpus.jsonl"):
        yield from (text[start:end] for start, end in split_sentences(text))


def _texts(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]


def _hash(texts: Sequence[str]) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()[:12]
