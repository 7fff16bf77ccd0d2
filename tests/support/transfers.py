"""A collection with every kind of document, its contents and answers, and transfers that are killed."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.support.documents import articles, prose, read
from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from tests.support.pdf_files import Layout, pages_of, pdf_bytes
from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.protocol import ModelIdentity, TextEmbedding
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, Given

QUESTIONS = (QUESTION, "Who repaired the bridge in Lisbon?", "What did the museum measure?")
HTML = b"<!DOCTYPE html><p>The bridge was <b>closed</b> on Monday, the mayor&rsquo;s office said in the town.</p>"
PDF_TEXT = ("The committee measured the old railway near the border on Tuesday, and found it shorter than before.",)


class NoEmbedder(WordEmbedder):
    """The identity of the test model; any request for a vector fails."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        raise AssertionError(texts)

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        raise AssertionError(texts, contexts)


class OtherEmbedder(WordEmbedder):
    """The vectors of the test model with another identity."""

    identity = ModelIdentity(name="other", sha256="9" * 64, dimension=64, files={})


def varied_library(data: Path, documents: int = 40) -> Library:
    """Return a library of the seeds, generated articles, a page, a PDF and Latin-1; with given and corrected values."""
    library = seeds_library(data)
    library.put_many(articles(documents))
    given = Given(title="Mine", published=date(2016, 2, 2), language="pt-BR", extra={"desk": "sport", "pages": (1, 2)})
    library.put("page", read(HTML, source="page", media_type="text/html", given=given))
    library.put("pdf", read(pdf_bytes(pages_of(PDF_TEXT, Layout())), source="paper.pdf"), path=data / "paper.pdf")
    library.put("latin", read("Der Bürgermeister sprach über die Brücke am Fluß.".encode("latin-1"), source="latin"))
    library.put_batch(
        [("line-1", read(prose(901), source="lines:1")), ("line-2", read(prose(902), source="lines:2"))],
        path=data / "lines.jsonl",
    )
    library.correct(FIRST, {"title": "A better title", "authors": ("Ann Otter",), "published": None})
    library.correct("story-003", {"publisher": "The Post"})
    library.remove("story-004")
    return library


def answers(library: Library) -> list[Answer]:
    """Return the answers of a library to QUESTIONS, with `took_ms` set to 0."""
    return [replace(library.ask(question, top_k=50, explain=True), took_ms=0.0) for question in QUESTIONS]


def contents(data: Path) -> list[object]:
    """Return the contents of a data folder of the test model, and its answers to QUESTIONS."""
    with Library.open(data, embedder=QuestionsOnlyEmbedder(), threshold=0.0) as library:
        stored = [
            (summary, library.source(summary.document_id), library.raw(summary.document_id))
            for summary in library.documents()
        ]
        texts = [library.stored_text(summary.document_id) for summary, _, _ in stored]
        assert library.verify().documents == len(stored)
        return [library.info(), stored, texts, answers(library)]


class QuestionsOnlyEmbedder(WordEmbedder):
    """The test model, which embeds questions and fails for longer texts."""

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        assert all(len(text) < 100 for text in texts)
        return super().embed_in_context(texts, contexts)


def run_until_killed(what: str, source: Path, target: Path, after: int) -> list[str]:
    """Run a transfer, kill it after `after` documents, and return the ids that it had completed."""
    command = [sys.executable, "-m", "tests.support.transfer_driver", what, str(source), str(target)]
    done: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            done.append(line.strip())
            if len(done) >= after:
                process.kill()
                break
    return done
