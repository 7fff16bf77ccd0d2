"""Both engines on the same documents and questions: how often the first ten are equal, and what differs where not.

The embedded engine has a folder for the time of the study, the cluster engine a database and a Milvus that are given
and should be empty. Without a folder, the seeds and their questions are taken.

Run: python -m wherefrom.eval.studies.engines POSTGRES_DSN MILVUS_URI [BEIR_FOLDER]
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from wherefrom.eval.datasets.beir import load_beir
from wherefrom.eval.datasets.questions import EVAL, load_questions
from wherefrom.eval.measurement.caching_embedder import CachingEmbedder
from wherefrom.eval.measurement.corpus_reading import read_corpus
from wherefrom.eval.reports.text_report import TableRows, print_rows
from wherefrom.index.cluster.engine import ClusterEngine
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import Hit

TOP_K = 10
SHOWN = 20
"""Differences that are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The rankings that both engines gave a question, and how long each took, in seconds."""

    question: str
    embedded: Sequence[Hit]
    cluster: Sequence[Hit]
    embedded_seconds: float
    cluster_seconds: float

    @property
    def has_equal_order(self) -> bool:
        """Whether both rankings have the same paragraphs in the same order."""
        return places(self.embedded) == places(self.cluster)

    @property
    def has_equal_set(self) -> bool:
        """Whether both rankings have the same paragraphs."""
        return set(places(self.embedded)) == set(places(self.cluster))


def main(
    postgres_dsn: Annotated[str, typer.Argument(help="What connects to an empty database.")],
    milvus_uri: Annotated[str, typer.Argument(help="The address of Milvus.")],
    folder: Annotated[Path | None, typer.Argument(help="A BEIR folder; the seeds if it is left out.")] = None,
    questions: Annotated[int, typer.Option(help="How many questions are asked at most.")] = 500,
    documents: Annotated[int, typer.Option(help="How many documents are put at most.")] = 1_000_000,
    seeds: Annotated[Path, typer.Option(help="The folder of the seeds.")] = Path("seeds"),
    seed_questions: Annotated[Path, typer.Option(help="The questions on the seeds.")] = EVAL / "questions.jsonl",
) -> None:
    """Put the documents in both engines, ask both every question, and print what differs."""
    embedder = CachingEmbedder(load_embedder())
    with (
        TemporaryDirectory(prefix="wherefrom-engines-") as data,
        Library.open(Path(data), embedder=embedder) as embedded,
        Library.on_engine(ClusterEngine.open(postgres_dsn, milvus_uri, embedder), embedder, data=Path()) as cluster,
    ):
        asked = fill([embedded, cluster], folder, documents=documents, seeds=seeds, seed_questions=seed_questions)
        comparisons = [compare(each, embedded, cluster, embedder) for each in asked[:questions]]
        console = Console()
        print_rows(console, f"{folder or seeds}: {embedded.info().passages:,} paragraphs", rows(comparisons))
        for line in differences(comparisons):
            console.print(line)


def fill(
    libraries: Sequence[Library], folder: Path | None, *, documents: int, seeds: Path, seed_questions: Path
) -> Sequence[str]:
    """Put the documents of a folder, or the seeds, in each library, and return the questions."""
    if folder is None:
        for library in libraries:
            ingest(library, [seeds])
            library.refresh()
        return [question.question for question in load_questions(seed_questions)]
    loaded = load_beir(folder)
    items = list(read_corpus(loaded, as_is=True).documents.items())[:documents]
    for library in libraries:
        library.put_many(items)
        library.refresh()
    return [query.text for query in loaded.queries]


def compare(question: str, embedded: Library, cluster: Library, embedder: Embedder) -> Comparison:
    """Ask both engines a question, which is encoded before."""
    embedder.embed_in_context([question], [""])
    started = perf_counter()
    first = embedded.rank(question, top_k=TOP_K)
    between = perf_counter()
    second = cluster.rank(question, top_k=TOP_K)
    return Comparison(
        question=question,
        embedded=first,
        cluster=second,
        embedded_seconds=between - started,
        cluster_seconds=perf_counter() - between,
    )


def rows(comparisons: Sequence[Comparison]) -> TableRows:
    """Return the table of the shares and times."""
    total = max(len(comparisons), 1)
    equal = sum(each.has_equal_order for each in comparisons)
    same = sum(each.has_equal_set for each in comparisons)
    scores = sum(each.embedded == each.cluster for each in comparisons)
    table = [
        ("", "value"),
        ("questions", f"{len(comparisons):,}"),
        (f"the same {TOP_K} in the same order", f"{100 * equal / total:.1f} %"),
        (f"the same {TOP_K} in any order", f"{100 * same / total:.1f} %"),
        ("the same scores to the last bit", f"{100 * scores / total:.1f} %"),
    ]
    for name, seconds in (
        ("embedded", [each.embedded_seconds for each in comparisons]),
        ("cluster", [each.cluster_seconds for each in comparisons]),
    ):
        middle, slow = np.percentile(seconds or [0.0], [50, 99])
        table.append((f"a ranking, {name}: p50, p99", f"{1000 * middle:.1f} ms, {1000 * slow:.1f} ms"))
    return table


def differences(comparisons: Iterable[Comparison]) -> Iterable[str]:
    """Yield for each question with another order what is at the first rank that differs; at most SHOWN."""
    differing = [each for each in comparisons if not each.has_equal_order]
    for each in differing[:SHOWN]:
        pairs = zip(each.embedded, each.cluster, strict=False)
        rank = next((at for at, (one, other) in enumerate(pairs) if places([one]) != places([other])), None)
        if rank is None:
            yield f"{each.question}: {len(each.embedded)} and {len(each.cluster)} paragraphs"
            continue
        one, other = each.embedded[rank], each.cluster[rank]
        yield (
            f"{each.question}: at rank {rank + 1}, {one.document_id} {one.number} ({one.scores.fused:.6f}) embedded,"
            f" {other.document_id} {other.number} ({other.scores.fused:.6f}) cluster"
        )
    if len(differing) > SHOWN:
        yield f"and {len(differing) - SHOWN} others"


def places(hits: Sequence[Hit]) -> list[tuple[str, int]]:
    """Return the document ids and paragraph numbers of hits."""
    return [(hit.document_id, hit.number) for hit in hits]


if __name__ == "__main__":
    typer.run(main)
