"""The figures on the seeds: a fresh index of them, every question asked of it, the runs added up.

The index is made in a temporary folder, so that what is measured is what the code of today makes of the files.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.questions import load_questions, locate
from wherefrom.eval.measurement.caching_embedder import RememberingEmbedder
from wherefrom.eval.measurement.digests import Digests, digests_of
from wherefrom.eval.measurement.runs import Run, run_questions
from wherefrom.eval.measurement.saved_runs import SavedRun, of_runs
from wherefrom.eval.measurement.scorecard import MEASURES, Scorecard, score
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import IndexInfo

Bar = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What was asked of which index, and what came of it."""

    digests: Digests
    index: IndexInfo
    runs: tuple[Run, ...]
    card: Scorecard

    def saved(self) -> SavedRun:
        """The run as it is kept for comparison."""
        return of_runs(asdict(self.digests), self.runs, MEASURES)


def measure_seeds(questions: Path, seeds: Path, *, embedder: Embedder, bar: Bar) -> Measurement:
    """Index the files of `seeds` afresh and ask the questions of them. Raises EvalDataError for bad eval data."""
    loaded = load_questions(questions)
    with indexed_seeds(seeds, embedder) as library:
        judged = locate(loaded, library.paragraphs, questions)
        with bar("asking", len(judged)) as progress:
            runs = run_questions(library, judged, progress)
        digests = digests_of(questions, library.documents())
        return Measurement(digests=digests, index=library.info(), runs=runs, card=score(runs))


@contextmanager
def indexed_seeds(seeds: Path, embedder: Embedder) -> Iterator[Library]:
    """A fresh index of the files of `seeds`, for as long as it is looked at. Raises EvalDataError."""
    with (
        TemporaryDirectory(prefix="wherefrom-eval-") as data,
        Library.open(Path(data), embedder=RememberingEmbedder(embedder)) as library,
    ):
        _index(library, seeds)
        yield library


def _index(library: Library, seeds: Path) -> None:
    if not seeds.is_dir():
        raise EvalDataError(seeds, "is not a folder")
    refused = [result for result in ingest(library, [seeds.resolve()]) if result.error]
    if refused:
        raise EvalDataError(seeds, "; ".join(str(result.error) for result in refused))
