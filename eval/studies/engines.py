"""Compares both engines on the same documents and questions: equality of the first ten passages, and differences.

The embedded engine uses a folder, the cluster engine the given database and Milvus, which should be empty. The
documents are indexed in the folder and moved to the cluster, so that both have the same vectors; with `--data` the
folder stays, and a repeated run embeds only the questions. Without a BEIR folder, the seeds and their questions are
used.

Run: python -m wherefrom.eval.studies.engines POSTGRES_DSN MILVUS_URI [BEIR_FOLDER]
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from wherefrom.eval.datasets.beir import BeirQuery, load_beir
from wherefrom.eval.datasets.questions import EVAL, JudgedQuestion, ParagraphRef, load_questions, locate_golds
from wherefrom.eval.measurement.beir import judge_query
from wherefrom.eval.measurement.caching_embedder import CachingEmbedder
from wherefrom.eval.measurement.corpus_reading import read_corpus
from wherefrom.eval.measurement.runs import JudgedRanking, judge
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.measurement.scorecard import Measure
from wherefrom.eval.measurement.significance import SIGNIFICANCE_LEVEL, Difference, compare_runs
from wherefrom.eval.metrics.ranking_metrics import hit_at, ndcg_at
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.reports.text_report import TableRows, print_rows
from wherefrom.index.cluster.engine import ClusterEngine
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import EngineUnavailable
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.transfer.move import move_to_engine
from wherefrom.index.types import Hit

TOP_K = 10
ALL_CANDIDATES = 10_000
"""More paragraphs than a question has candidates."""
ATTEMPTS = 10
PAUSE_SECONDS = 5.0
"""Pause before a question is asked again because a part of the cluster did not answer."""
SHOWN = 50
"""Maximum number of differences that are printed."""
MEASURES: Mapping[str, Measure] = {
    "hit@1": lambda ranking: hit_at(ranking.gains, 1),
    "ndcg@10": lambda ranking: ndcg_at(ranking.gains, ranking.judgements, TOP_K),
}
Judge = Callable[[Sequence[Hit]], JudgedRanking]
Place = tuple[str, int]
"""A document id and the number of a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question, and the function that judges its ranking; `None` if nothing answers it."""

    id: str
    text: str
    judge: Judge | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The first ten passages of both engines for a question, their times in seconds, and the reason of a difference."""

    question: AskedQuestion
    embedded: Sequence[Hit]
    cluster: Sequence[Hit]
    embedded_seconds: float
    cluster_seconds: float
    reason: str = ""

    @property
    def has_equal_order(self) -> bool:
        """Whether both rankings have the same paragraphs in the same order."""
        return places(self.embedded) == places(self.cluster)

    @property
    def has_equal_set(self) -> bool:
        """Whether both rankings have the same paragraphs."""
        return set(places(self.embedded)) == set(places(self.cluster))


def main(
    postgres_dsn: Annotated[str, typer.Argument(help="Connection string of an empty database.")],
    milvus_uri: Annotated[str, typer.Argument(help="The address of Milvus.")],
    folder: Annotated[Path | None, typer.Argument(help="A BEIR folder; by default the seeds.")] = None,
    *,
    data: Annotated[Path | None, typer.Option(help="The folder of the embedded engine, which is kept.")] = None,
    questions: Annotated[int | None, typer.Option(help="Number of questions, evenly spread; by default all.")] = None,
    documents: Annotated[int | None, typer.Option(help="Maximum number of documents; by default all.")] = None,
    seeds: Annotated[Path, typer.Option(help="The folder of the seeds.")] = Path("seeds"),
    seed_questions: Annotated[Path, typer.Option(help="The questions on the seeds.")] = EVAL / "questions.jsonl",
) -> None:
    """Store the documents in both engines, ask both every question, and print the differences."""
    embedder = CachingEmbedder(load_embedder())
    with _data_folder(data) as embedded_data, Library.open(embedded_data, embedder=embedder) as embedded:
        if folder is None:
            asked = fill_with_seeds(embedded, seeds, seed_questions)
        else:
            asked = fill_with_corpus(embedded, folder, documents)
        engine = ClusterEngine.open(postgres_dsn, milvus_uri, embedder)
        with Library.on_engine(engine, embedder, data=embedded_data) as cluster:
            with progress_bar("moving", embedded.status().documents) as progress:
                move_to_engine(embedded_data, engine, embedder, lambda _: progress(1), together=engine.transaction)
                engine.refresh()
            comparisons = compare_all(evenly_spread(asked, questions), embedded, cluster, embedder)
        paragraphs = embedded.status().passages
    console = Console()
    print_rows(console, f"{folder or seeds}: {paragraphs:,} paragraphs", rows(comparisons))
    print_rows(console, "figures", figure_rows(figures(comparisons)))
    for line in differences(comparisons):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _data_folder(folder: Path | None) -> Iterator[Path]:
    """Yield a folder, or a temporary one if there is none."""
    if folder is not None:
        yield folder
        return
    with TemporaryDirectory(prefix="wherefrom-engines-") as temporary:
        yield Path(temporary)


def fill_with_seeds(library: Library, seeds: Path, questions: Path) -> list[AskedQuestion]:
    """Index the seeds, and return the questions on them."""
    ingest(library, [seeds])
    judged = locate_golds(load_questions(questions), library.paragraphs, questions)
    return [
        AskedQuestion(
            id=each.question.id,
            text=each.question.question,
            judge=partial(_judge_paragraphs, each) if each.gold_paragraphs else None,
        )
        for each in judged
    ]


def fill_with_corpus(library: Library, folder: Path, documents: int | None) -> list[AskedQuestion]:
    """Index the documents of a BEIR folder, each as one paragraph, and return its questions with judgements."""
    loaded = load_beir(folder)
    items = list(read_corpus(loaded, as_is=True).documents.items())[:documents]
    with progress_bar("indexing", len(items)) as progress:
        library.put_many(items, progress=progress)
        library.refresh()
    return [AskedQuestion(id=each.id, text=each.text, judge=partial(_judge_query, each)) for each in loaded.queries]


def evenly_spread(asked: Sequence[AskedQuestion], count: int | None) -> Sequence[AskedQuestion]:
    """Return `count` of the questions, at equal distances; all if `None`."""
    if count is None or count >= len(asked):
        return asked
    return [asked[number * len(asked) // count] for number in range(count)]


def compare_all(
    asked: Sequence[AskedQuestion], embedded: Library, cluster: Library, embedder: Embedder
) -> list[Comparison]:
    """Ask both engines each question; after Ctrl+C, return the comparisons so far."""
    comparisons = []
    with progress_bar("asking", len(asked)) as progress, suppress(KeyboardInterrupt):
        for question in asked:
            comparisons.append(compare(question, embedded, cluster, embedder))
            progress(1)
    return comparisons


def compare(question: AskedQuestion, embedded: Library, cluster: Library, embedder: Embedder) -> Comparison:
    """Ask both engines a question; the time of encoding it is not included."""
    embedder.embed_in_context([question.text], [""])
    started = perf_counter()
    first = embedded.rank(question.text, top_k=TOP_K)
    between = perf_counter()
    second = rank_when_available(cluster, question.text, TOP_K)
    ended = perf_counter()
    reason = ""
    if places(first) != places(second):
        reason = reason_of_difference(
            embedded.rank(question.text, top_k=ALL_CANDIDATES),
            rank_when_available(cluster, question.text, ALL_CANDIDATES),
        )
    return Comparison(
        question=question,
        embedded=first,
        cluster=second,
        embedded_seconds=between - started,
        cluster_seconds=ended - between,
        reason=reason,
    )


def rank_when_available(library: Library, question: str, top_k: int) -> Sequence[Hit]:
    """Return the ranking of a question, which is asked again if a part of the cluster does not answer in time.

    Raises EngineUnavailable after ATTEMPTS.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(EngineUnavailable):
            return library.rank(question, top_k=top_k)
        sleep(PAUSE_SECONDS)
    return library.rank(question, top_k=top_k)


def reason_of_difference(embedded: Sequence[Hit], cluster: Sequence[Hit]) -> str:
    """Return why two rankings of all candidates differ: other candidates, other scores, or another order of ties.

    A candidate that one engine lacks changes the scores of all others, since they are standardised.
    """
    first, second = (dict(zip(places(hits), hits, strict=True)) for hits in (embedded, cluster))
    if first.keys() != second.keys():
        alone = [
            f"{len(missing)} candidates of the {name} engine alone, such as {min(missing)}"
            for name, missing in (("embedded", first.keys() - second.keys()), ("cluster", second.keys() - first.keys()))
            if missing
        ]
        return "; ".join(alone)
    by_score = {
        name: max(abs(getattr(hit.scores, name) - getattr(second[place].scores, name)) for place, hit in first.items())
        for name in ("dense", "sentence", "lexical", "fused")
    }
    if any(by_score.values()):
        listed = ", ".join(f"{name} {value:.2g}" for name, value in by_score.items())
        return f"the same candidates with other scores; the largest differences: {listed}"
    return "the same candidates with the same scores, in another order"


def rows(comparisons: Sequence[Comparison]) -> TableRows:
    """Return the table of the shares and times."""
    total = max(len(comparisons), 1)
    equal = sum(each.has_equal_order for each in comparisons)
    same = sum(each.has_equal_set for each in comparisons)
    scores = sum(each.embedded == each.cluster for each in comparisons)
    table = [
        ("", "value"),
        ("questions", f"{len(comparisons):,}"),
        (f"the same {TOP_K} in the same order", f"{100 * equal / total:.2f} %"),
        (f"the same {TOP_K} in any order", f"{100 * same / total:.2f} %"),
        ("the same scores to the last bit", f"{100 * scores / total:.2f} %"),
    ]
    for name, seconds in (
        ("embedded", [each.embedded_seconds for each in comparisons]),
        ("cluster", [each.cluster_seconds for each in comparisons]),
    ):
        middle, slow = np.percentile(seconds or [0.0], [50, 99])
        table.append((f"a ranking, {name}: p50, p99", f"{1000 * middle:.1f} ms, {1000 * slow:.1f} ms"))
    return table


def figures(comparisons: Iterable[Comparison]) -> Sequence[Difference]:
    """Return the figures of both engines over the answerable questions; `before` is the embedded engine."""
    judged = [(each, each.question.judge) for each in comparisons if each.question.judge is not None]
    embedded = {each.question.id: judge(each.embedded) for each, judge in judged}
    cluster = {each.question.id: judge(each.cluster) for each, judge in judged}
    return compare_runs(
        SavedRun.from_rankings({}, embedded, MEASURES), SavedRun.from_rankings({}, cluster, MEASURES), Path()
    )


def figure_rows(differences: Iterable[Difference]) -> TableRows:
    """Return a row per measure: both engines, the difference with its interval, and whether it is significant."""
    head = ("measure", "embedded", "cluster", "difference", "other questions", "p", "significant")
    return [
        head,
        *(
            (
                each.measure,
                f"{each.before:.4f}",
                f"{each.now:.4f}",
                f"{each.change.value:+.4f} [{each.change.low:+.4f}, {each.change.high:+.4f}]",
                str(len(each.better) + len(each.worse)),
                f"{each.p:.3f}",
                "yes" if each.p < SIGNIFICANCE_LEVEL else "no",
            )
            for each in differences
        ),
    ]


def differences(comparisons: Iterable[Comparison]) -> Iterable[str]:
    """Yield for each question with different orders the ranks, a passage, and the reason; at most SHOWN."""
    differing = [each for each in comparisons if not each.has_equal_order]
    for each in differing[:SHOWN]:
        ranked = list(zip(each.embedded, each.cluster, strict=False))
        ranks = [rank for rank, (one, other) in enumerate(ranked, start=1) if places([one]) != places([other])]
        name = f"{each.question.id} ({each.question.text})"
        if not ranks:
            yield f"{name}: {len(each.embedded)} and {len(each.cluster)} paragraphs: {each.reason}"
            continue
        one, other = ranked[ranks[0] - 1]
        yield (
            f"{name}: ranks {', '.join(map(str, ranks))}; at {ranks[0]}, {one.document_id} {one.number}"
            f" ({one.scores.fused:.6f}) embedded, {other.document_id} {other.number} ({other.scores.fused:.6f})"
            f" cluster: {each.reason}"
        )
    if len(differing) > SHOWN:
        yield f"and {len(differing) - SHOWN} others"


def places(hits: Sequence[Hit]) -> list[Place]:
    """Return the document ids and paragraph numbers of hits."""
    return [(hit.document_id, hit.number) for hit in hits]


def _judge_paragraphs(question: JudgedQuestion, hits: Sequence[Hit]) -> JudgedRanking:
    ranked = [
        {ParagraphRef(document_id=document, paragraph=number) for document, number in (*places([hit]), *hit.copies)}
        for hit in hits
    ]
    return judge(ranked, frozenset(question.gold_paragraphs))


def _judge_query(query: BeirQuery, hits: Sequence[Hit]) -> JudgedRanking:
    ids = (document for hit in hits for document in (hit.document_id, *(copy for copy, _ in hit.copies)))
    return judge_query(query, list(dict.fromkeys(ids)))


if __name__ == "__main__":
    typer.run(main)
