"""Measurement on the seeds: builds a new index of the files, asks every question, and computes the figures.

The index is built in a temporary folder, so that the figures are those of the current code.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.questions import load_questions, locate_golds
from wherefrom.eval.measurement.caching_embedder import CachingEmbedder
from wherefrom.eval.measurement.runs import Run, run_questions
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.measurement.scorecard import MEASURES, Scorecard, score_runs
from wherefrom.eval.progress import ProgressBar
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import DocumentSummary, Effort, IndexInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """SHA-256 of the questions file, and of the names and contents of the documents that the questions are about."""

    questions_sha256: str
    seeds_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The digests of the data, the index, the run of every question, and the figures."""

    digests: Digests
    index: IndexInfo
    runs: tuple[Run, ...]
    card: Scorecard

    def saved(self) -> SavedRun:
        """Return the run in the form in which it is saved for comparisons."""
        return SavedRun.from_runs(asdict(self.digests), self.runs, MEASURES)


def measure_seeds(
    questions: Path, seeds: Path, *, embedder: Embedder, bar: ProgressBar, effort: Effort | None = None
) -> Measurement:
    """Index the files of `seeds`, and ask every question with an effort, or with the default one.

    Raise EvalDataError for bad evaluation data.
    """
    loaded = load_questions(questions)
    with indexed_seeds(seeds, embedder) as library:
        judged = locate_golds(loaded, library.paragraphs, questions)
        with bar("asking", len(judged)) as progress:
            runs = run_questions(library, judged, progress, effort)
        digests = digest_data(questions, library.documents())
        return Measurement(digests=digests, index=library.info(), runs=runs, card=score_runs(runs))


def digest_data(questions: Path, documents: Iterable[DocumentSummary]) -> Digests:
    """Return the digests of the evaluation data; they do not depend on the order of the documents."""
    lines = sorted(f"{document.document_id} {document.source_sha256}\n" for document in documents)
    return Digests(
        questions_sha256=hashlib.sha256(questions.read_bytes()).hexdigest(),
        seeds_sha256=hashlib.sha256("".join(lines).encode()).hexdigest(),
    )


@contextmanager
def indexed_seeds(seeds: Path, embedder: Embedder) -> Iterator[Library]:
    """Open a new index of the files of `seeds`, which is deleted on exit. Raise EvalDataError."""
    with (
        TemporaryDirectory(prefix="wherefrom-eval-") as data,
        Library.open(Path(data), embedder=CachingEmbedder(embedder)) as library,
    ):
        _ingest(library, seeds)
        yield library


def _ingest(library: Library, seeds: Path) -> None:
    if not seeds.is_dir():
        raise EvalDataError(seeds, "is not a folder")
    refused = [result for result in ingest(library, [seeds.resolve()]) if result.error]
    if refused:
        raise EvalDataError(seeds, "; ".join(str(result.error) for result in refused))
