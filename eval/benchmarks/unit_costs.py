"""Unit costs for `docs/scale.md`: bytes of a paragraph in each store, processor time of extracting and embedding it.

Run: python -m wherefrom.eval.benchmarks.unit_costs PATH --limit 500
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, embed_documents
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import SourceRejected
from wherefrom.index.library import Library
from wherefrom.index.segments.base_store import DERIVED_FOLDER
from wherefrom.index.sources.file_formats import read_file
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.types import Document, RawSource

QUESTIONS = 50
QUESTION_BATCH = 32
T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the unit costs of the first articles in a file as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, metavar="PATH", help="a file of articles, such as JSON Lines")
    parser.add_argument("--limit", type=int, default=500, help="number of articles")
    options = parser.parse_args(arguments)
    articles = (each for each in read_file(options.path, str(options.path)) if isinstance(each, RawSource))
    sources = list(islice(articles, options.limit))
    json.dump(unit_costs(sources, load_embedder()), sys.stdout, indent=1)
    sys.stdout.write("\n")


def unit_costs(sources: Sequence[RawSource], embedder: Embedder) -> dict[str, float]:
    """Return the costs of articles: bytes per paragraph, and milliseconds of processor time of all threads."""
    documents, reading = _core_seconds(lambda: _read(sources))
    vectors, embedding = _core_seconds(lambda: embed_documents(documents, embedder))
    paragraphs = sum(len(document.paragraphs) for document in documents)
    with TemporaryDirectory() as folder:
        data = Path(folder)
        with Library.open(data, embedder=embedder) as library:
            _, storing = _core_seconds(lambda: _store(library, documents, vectors))
            library.refresh()
            asking = _question_times(library, documents)
        return {
            "documents": len(documents),
            "paragraphs": paragraphs,
            "sentences_per_paragraph": sum(len(each.sentences) for one in vectors for each in one) / paragraphs,
            "raw_bytes_per_paragraph": sum(len(document.raw) for document in documents) / paragraphs,
            "text_bytes_per_paragraph": sum(len(p.text.encode()) for d in documents for p in d.paragraphs) / paragraphs,
            "token_bytes_per_paragraph": sum(len(each.tokens) for one in vectors for each in one) / paragraphs,
            "catalog_bytes_per_paragraph": (data / CATALOG).stat().st_size / paragraphs,
            **{
                f"derived_{name}_bytes_per_paragraph": size / paragraphs
                for name, size in _derived_sizes(data / DERIVED_FOLDER).items()
            },
            "reading_core_ms_per_paragraph": reading * 1_000 / paragraphs,
            "embedding_core_ms_per_paragraph": embedding * 1_000 / paragraphs,
            "storing_core_ms_per_paragraph": storing * 1_000 / paragraphs,
            **asking,
        }


def _read(sources: Sequence[RawSource]) -> list[Document]:
    documents = []
    for source in sources:
        try:
            documents.append(extract(source))
        except SourceRejected as error:
            sys.stderr.write(f"refused {error}\n")
    return documents


def _store(library: Library, documents: Sequence[Document], vectors: Sequence[DocumentVectors]) -> None:
    items = [(f"document-{number}", document) for number, document in enumerate(documents)]
    library.put_batch(items, vectors=list(vectors))


def _question_times(library: Library, documents: Sequence[Document]) -> dict[str, float]:
    """Return the times of encoding and of answering a question; the questions are the beginnings of articles."""
    starts = [" ".join(document.paragraphs[0].text.split()[:12]) for document in documents[: QUESTIONS + 1]]
    library.ask(starts[-1])
    alone = [_core_seconds(lambda each=each: library.encode([each]))[1] for each in starts[:QUESTIONS]]  # type: ignore[misc]
    _, batch = _core_seconds(lambda: library.encode(starts[:QUESTION_BATCH]))
    whole = [_core_seconds(lambda each=each: library.ask(each))[1] for each in starts[:QUESTIONS]]  # type: ignore[misc]
    return {
        "encoding_core_ms_per_question": sum(alone) * 1_000 / len(alone),
        "encoding_core_ms_per_question_in_batches": batch * 1_000 / len(starts[:QUESTION_BATCH]),
        "answering_core_ms_per_question": sum(whole) * 1_000 / len(whole),
    }


def _derived_sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of the vectors ("units"), of the token vectors, and of the rest: terms, postings, columns."""
    sizes: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = next((name for name in ("units", "tokens") if path.name.startswith(name)), "rest")
            sizes[name] = sizes.get(name, 0) + path.stat().st_size
    return dict(sorted(sizes.items()))


def _core_seconds(run: Callable[[], T]) -> tuple[T, float]:
    """Return the result of a call, and the processor time that all threads of this process took for it."""
    started = time.process_time()
    result = run()
    return result, time.process_time() - started


if __name__ == "__main__":
    main()
