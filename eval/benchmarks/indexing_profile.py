"""The processor time of indexing a document, by stage.

    python -m wherefrom.eval.benchmarks.indexing_profile [FOLDER]

Prints the section of docs/benchmarks.md; the default folder is that of the seeds. Times are processor time of all cores
together, so that other load on the machine has little influence.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from wherefrom.eval.datasets.questions import SEEDS
from wherefrom.eval.reports.doc_sections import Section
from wherefrom.index.arrays import Matrix
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity, TextEmbedding
from wherefrom.index.engine import Item
from wherefrom.index.errors import SourceRejected
from wherefrom.index.library import Library
from wherefrom.index.sources.file_formats import is_readable, read_file
from wherefrom.index.types import RawSource

ROUNDS = 3
READING, CLEANING, STORAGE = "reading the file", "cleaning: paragraphs, sentences, metadata", "storing, and the commit"
TOKENS, PARAGRAPHS, SENTENCES = "token vectors, in context", "paragraph vectors", "sentence vectors"
PACKING = "packing, and the rest of embedding"
STAGES = (READING, CLEANING, TOKENS, PARAGRAPHS, SENTENCES, PACKING, STORAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexingProfile:
    """The processor time of each stage for all documents, in seconds, and the size of the documents."""

    seconds: dict[str, float]
    documents: int
    paragraphs: int
    sentences: int

    def section(self) -> Section:
        """Return the section of docs/benchmarks.md."""
        total = sum(self.seconds.values())
        rows = [
            f"| {stage} | {self.seconds[stage] / self.documents * 1000:.1f} | {self.seconds[stage] / total:.0%} |"
            for stage in STAGES
        ]
        sizes = f"{self.paragraphs / self.documents:.0f} paragraphs and {self.sentences / self.documents:.0f} sentences"
        lines = [
            "## Indexing",
            "",
            f"Processor time of a document, all cores together: {total / self.documents * 1000:.0f} ms, for {sizes} on",
            f"average ({self.documents} documents; load of the machine {os.getloadavg()[0]:.0f}).",
            "",
            "| stage | ms a document | share |",
            "| --- | ---: | ---: |",
            *rows,
        ]
        return Section(text="\n".join(lines), plots={})


class TimedEmbedder:
    """Wraps an embedder, and sums the processor time of its calls."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._encodes = PARAGRAPHS
        self.seconds: dict[str, float] = dict.fromkeys(STAGES, 0.0)

    @property
    def identity(self) -> ModelIdentity:
        """The identity of the wrapped model."""
        return self._embedder.identity

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one unit vector per text; calls with paragraphs and with sentences alternate."""
        with _timed(self.seconds, self._encodes):
            self._encodes = SENTENCES
            return self._embedder.encode(texts)

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Embed each text in its context."""
        self._encodes = PARAGRAPHS
        with _timed(self.seconds, TOKENS):
            return self._embedder.embed_in_context(texts, contexts)


def profile(paths: Sequence[Path], embedder: Embedder) -> IndexingProfile:
    """Index files, each as one portion, and return the profile of the fastest of ROUNDS rounds."""
    rounds = [_round(paths, embedder) for _ in range(ROUNDS + 1)][1:]  # the first one warms up
    return min(rounds, key=lambda each: sum(each.seconds.values()))


def _round(paths: Sequence[Path], embedder: Embedder) -> IndexingProfile:
    timed = TimedEmbedder(embedder)
    seconds = timed.seconds
    embedding = {PACKING: 0.0}
    texts: Counter[str] = Counter()
    with (
        TemporaryDirectory(prefix="wherefrom-profile-") as folder,
        Library.open(Path(folder), embedder=timed) as library,
    ):
        for number, path in enumerate(paths):
            with _timed(seconds, READING):
                sources = [each for each in read_file(path, path.name) if isinstance(each, RawSource)]
            items: list[Item] = []
            with _timed(seconds, CLEANING):
                for place, source in enumerate(sources):
                    try:
                        items.append((f"{number}-{place}", extract(source)))
                    except SourceRejected:
                        continue
            with _timed(embedding, PACKING):
                vectors = library.embed(items)
            with _timed(seconds, STORAGE):
                library.put_batch(items, vectors=vectors)
            paragraphs = [paragraph for _, document in items for paragraph in document.paragraphs]
            sentences = sum(len(paragraph.sentences) for paragraph in paragraphs)
            texts.update(documents=len(items), paragraphs=len(paragraphs), sentences=sentences)
    seconds[PACKING] = embedding[PACKING] - seconds[TOKENS] - seconds[PARAGRAPHS] - seconds[SENTENCES]
    return IndexingProfile(
        seconds={stage: seconds[stage] for stage in STAGES},
        documents=texts["documents"],
        paragraphs=texts["paragraphs"],
        sentences=texts["sentences"],
    )


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    started = time.process_time()
    try:
        yield
    finally:
        seconds[stage] += time.process_time() - started


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    files = sorted(path for path in chosen.rglob("*") if path.is_file() and is_readable(path))
    sys.stdout.write(profile(files, load_embedder(implementation="exported")).section().text + "\n")
