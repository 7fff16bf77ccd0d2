"""Measurement on a BEIR folder: rankings by system, and confidence if the folder marks unanswerable questions.

Each corpus has its own index, which is kept between runs, so that a repeated run embeds only the queries. The rank of
a document is that of its best paragraph. As in BEIR, a document with the id of the query is removed from the ranking
unless it is judged.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.beir import BeirFolder, BeirQuery
from wherefrom.eval.measurement.baselines import baselines
from wherefrom.eval.measurement.caching_embedder import CachingEmbedder
from wherefrom.eval.measurement.corpus_reading import CorpusReading, read_corpus
from wherefrom.eval.measurement.runs import SYSTEMS, JudgedRanking, System
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.measurement.scorecard import Figures, Measure, ranking_figures
from wherefrom.eval.metrics.calibration_metrics import Outcome, calibration_figures
from wherefrom.eval.metrics.ranking_metrics import hit_at, ndcg_at, recall_at, reciprocal_rank_at
from wherefrom.eval.progress import ProgressBar
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.token_head import token_head_for
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, AskOptions, Hit

RANKING_DEPTH = 100
BATCH_SIZE = 32
MEASURES: Mapping[str, Measure] = {
    "ndcg@10": lambda ranking: ndcg_at(ranking.gains, ranking.judgements, 10),
    "mrr@10": lambda ranking: reciprocal_rank_at(ranking.gains, 10),
    "hit@1": lambda ranking: hit_at(ranking.gains, 1),
    "hit@5": lambda ranking: hit_at(ranking.gains, 5),
    "recall@100": lambda ranking: recall_at(ranking.gains, len(ranking.judgements), 100),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirCalibration:
    """The calibration figures, the outcomes that they are computed from, and the numbers of questions."""

    outcomes: tuple[Outcome, ...]
    figures: Figures
    answerable: int
    unanswerable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirScores:
    """The ranking figures of each system, the numbers of questions and documents, the reading, and the calibration.

    `calibration` is `None` if the folder marks no question as unanswerable.
    """

    rankings: Mapping[System, Figures]
    questions: int
    documents: int
    reading: CorpusReading
    calibration: BeirCalibration | None
    saved: SavedRun


def measure_beir(folder: BeirFolder, data: Path, *, as_is: bool, embedder: Embedder, bar: ProgressBar) -> BeirScores:
    """Index the corpus under `data` unless its index exists there, rank every query, and measure the confidence.

    The corpus is first cleaned as `wherefrom index` cleans it, unless `as_is` is set.
    """
    reading = read_corpus(folder, as_is=as_is)
    with indexed_corpus(folder, reading, data, embedder=embedder, bar=bar) as library:
        rankings: dict[System, list[JudgedRanking]] = {system: [] for system in SYSTEMS}
        with bar(f"asking {folder.name}", len(folder.queries)) as progress:
            for query in folder.queries:
                for system, hits in _rankings(library, query.text):
                    rankings[system].append(judge_query(query, list(_document_ids(hits))))
                progress(1)
        calibration = measure_calibration(folder, library, bar)
    figures = {system: ranking_figures(ranked, MEASURES) for system, ranked in rankings.items()}
    by_query = dict(zip((query.id for query in folder.queries), rankings["wherefrom"], strict=True))
    return BeirScores(
        rankings=figures,
        questions=len(folder.queries),
        documents=len(folder.documents),
        reading=reading,
        calibration=calibration,
        saved=SavedRun.from_rankings({"corpus_sha256": folder.corpus_sha256}, by_query, MEASURES),
    )


@contextmanager
def indexed_corpus(
    folder: BeirFolder, reading: CorpusReading, data: Path, *, embedder: Embedder, bar: ProgressBar
) -> Iterator[Library]:
    """Open the index under `data` of this corpus and this way of reading; build it first if it does not exist."""
    name = f"{folder.name}-{folder.corpus_sha256[:12]}-{reading.key}-{embedder.identity.sha256[:8]}"
    head = token_head_for(embedder.identity)
    if head is not None:
        name += f"-{head.sha256[:8]}"
    with Library.open(data / "eval" / name, embedder=CachingEmbedder(embedder)) as library:
        with bar(f"indexing {folder.name}", len(reading.documents)) as progress:
            library.put_many(reading.documents.items(), progress=progress)
            library.refresh()
        yield library


def judge_query(query: BeirQuery, document_ids: Sequence[str]) -> JudgedRanking:
    """Return the gains of the first RANKING_DEPTH documents of a ranking and all positive judgements of the query."""
    ranked = [document for document in document_ids if document != query.id or document in query.judgements]
    return JudgedRanking(
        gains=tuple(float(query.judgements.get(document, 0)) for document in ranked[:RANKING_DEPTH]),
        judgements=tuple(float(query.judgements[document]) for document in sorted(query.relevant)),
    )


def measure_calibration(folder: BeirFolder, library: Library, bar: ProgressBar) -> BeirCalibration | None:
    """Ask every question and return the calibration; `None` if the folder has no unanswerable questions.

    SQuAD 2.0's unanswerable questions are near misses: they are about the topics of the corpus.
    """
    if not folder.unanswerable:
        return None
    queries = [*folder.queries, *folder.unanswerable]
    with bar(f"asking whether {folder.name} answers", len(queries)) as progress:
        outcomes = []
        for query, answer in zip(queries, answer_in_batches(library, [query.text for query in queries]), strict=True):
            (nearest,) = library.rank(query.text, top_k=1, order="dense")
            outcomes.append(_outcome(query, answer, nearest.scores.dense))
            progress(1)
    return BeirCalibration(
        outcomes=tuple(outcomes),
        figures=calibration_figures(outcomes),
        answerable=len(folder.queries),
        unanswerable=len(folder.unanswerable),
    )


def answer_in_batches(library: Library, questions: Sequence[str]) -> Iterator[Answer]:
    """Yield the answer to each question, with one passage.

    Questions are encoded in batches; the answers are equal to those of single questions.
    """
    for start in range(0, len(questions), BATCH_SIZE):
        batch = questions[start : start + BATCH_SIZE]
        queries = library.encode(batch)
        with library.searcher() as searcher:
            answers = [
                searcher.answer(question, query, AskOptions(top_k=1))
                for question, query in zip(batch, queries, strict=True)
            ]
        yield from answers


def _rankings(library: Library, question: str) -> Iterator[tuple[System, Sequence[Hit]]]:
    yield "wherefrom", library.rank(question, top_k=RANKING_DEPTH + 1)
    yield from baselines(library, question, RANKING_DEPTH + 1).items()


def _document_ids(hits: Sequence[Hit]) -> Iterator[str]:
    """Yield each document id once, in the order of the best paragraphs; copies follow their original."""
    ids = (document for hit in hits for document in (hit.document_id, *(copy for copy, _ in hit.copies)))
    yield from dict.fromkeys(ids)


def _outcome(query: BeirQuery, answer: Answer, top_cosine: float) -> Outcome:
    citations = [citation for passage in answer.passages[:1] for citation in (passage.citation, *passage.also_in)]
    sources = {citation.document_id for citation in citations}  # none if no document holds a phrase of the question
    return Outcome(
        confidence=answer.confidence,
        top_cosine=top_cosine,
        refused=answer.status == "no_answer",
        answerable=bool(query.relevant),
        first_answers=not sources.isdisjoint(query.relevant),
    )
