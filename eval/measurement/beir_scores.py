"""The figures on a BEIR folder: its corpus in an index of its own, each query ranked by each system.

The index is kept between runs, so that a repeat embeds nothing. As in BEIR, a query's own text in the corpus (the same
id) is passed over unless it was judged.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.beir import BeirDocument, BeirFolder, BeirQuery
from wherefrom.eval.measurement.baselines import BASELINES, baselines
from wherefrom.eval.measurement.beir_calibration import BeirCertainty, certainty_json, measure_certainty
from wherefrom.eval.measurement.caching_embedder import RememberingEmbedder
from wherefrom.eval.measurement.json_report import values_json
from wherefrom.eval.measurement.runs import SYSTEMS, Ranking, System
from wherefrom.eval.measurement.saved_runs import SavedRun, of_rankings
from wherefrom.eval.measurement.scorecard import Figures, Measure, ranking_figures
from wherefrom.eval.measurement.seeds import Bar
from wherefrom.eval.metrics.ranking_metrics import hit_at, ndcg_at, recall_at, reciprocal_rank_at
from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.types import Document, Hit, Metadata, Paragraph, Sentence, Span

DEPTH = 100
MEASURES: Mapping[str, Measure] = {
    "ndcg@10": lambda ranking: ndcg_at(ranking.gains, ranking.judgements, 10),
    "mrr@10": lambda ranking: reciprocal_rank_at(ranking.gains, 10),
    "hit@1": lambda ranking: hit_at(ranking.gains, 1),
    "hit@5": lambda ranking: hit_at(ranking.gains, 5),
    "recall@100": lambda ranking: recall_at(ranking.gains, len(ranking.judgements), 100),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirScores:
    """Each system's figures, how many questions and documents they are of, and how well confidence tells them apart."""

    rankings: Mapping[System, Figures]
    questions: int
    documents: int
    certainty: BeirCertainty | None
    saved: SavedRun


def measure_beir(folder: BeirFolder, data: Path, *, embedder: Embedder, bar: Bar) -> BeirScores:
    """Index the corpus under `data` unless it is there already, and rank every query that can be ranked for."""
    with indexed_corpus(folder, data, embedder=embedder, bar=bar) as library:
        rankings: dict[System, list[Ranking]] = {system: [] for system in SYSTEMS}
        with bar(f"asking {folder.name}", len(folder.queries)) as progress:
            for query in folder.queries:
                for system, hits in _rankings(library, query.text):
                    rankings[system].append(judge_query(query, list(_documents(hits))))
                progress(1)
        certainty = measure_certainty(folder, library, bar)
    figures = {system: ranking_figures(ranked, MEASURES) for system, ranked in rankings.items()}
    return BeirScores(
        rankings=figures,
        questions=len(folder.queries),
        documents=len(folder.documents),
        certainty=certainty,
        saved=_saved(folder, rankings["wherefrom"]),
    )


def _rankings(library: Library, question: str) -> Iterator[tuple[System, Sequence[Hit]]]:
    yield "wherefrom", library.rank(question, top_k=DEPTH + 1)
    yield from baselines(library, question, DEPTH + 1).items()


@contextmanager
def indexed_corpus(folder: BeirFolder, data: Path, *, embedder: Embedder, bar: Bar) -> Iterator[Library]:
    """The corpus in an index of its own under `data`, made unless it is there already."""
    place = data / "eval" / f"{folder.name}-{folder.corpus_sha256[:12]}-{embedder.identity.sha256[:8]}"
    with Library.open(place, embedder=RememberingEmbedder(embedder)) as library:
        with bar(f"indexing {folder.name}", len(folder.documents)) as progress:
            library.put_many(_items(folder), progress=progress)
            library.refresh()
        yield library


def judge_query(query: BeirQuery, ranked: Sequence[str]) -> Ranking:
    """The judgement at each of the first hundred places, and the positive judgements there are."""
    kept = [document for document in ranked if document != query.id or document in query.judgements]
    return Ranking(
        gains=tuple(float(query.judgements.get(document, 0)) for document in kept[:DEPTH]),
        judgements=tuple(float(query.judgements[document]) for document in sorted(query.relevant)),
    )


def beir_json(scores: BeirScores) -> Mapping[str, object]:
    """Metrics and counts of the full system, of each baseline under its name, and `certainty` where it was measured."""
    counts = {"questions": scores.questions, "documents": scores.documents}
    by_system = {system: {**values_json(figures), **counts} for system, figures in scores.rankings.items()}
    certainty = {"certainty": certainty_json(scores.certainty)} if scores.certainty else {}
    return {**by_system["wherefrom"], **{system: by_system[system] for system in BASELINES}, **certainty}


def as_document(row: BeirDocument, source: str) -> Document:
    """A document of one paragraph; its bytes are the paragraph's own."""
    raw = row.text.encode()
    whole = Span(start=0, end=len(row.text))
    sentences = tuple(
        Sentence(start=start, end=end, segments=(Span(start=start, end=end),))
        for start, end in split_sentences(row.text)
    )
    paragraph = Paragraph(number=1, text=row.text, segments=(whole,), sentences=sentences, line_start=1, line_end=1)
    return Document(
        source=source,
        raw=raw,
        source_sha256=hashlib.sha256(raw).hexdigest(),
        encoding="utf-8",
        metadata=Metadata(),
        paragraphs=(paragraph,),
        dropped=(),
    )


def _saved(folder: BeirFolder, ranked: Sequence[Ranking]) -> SavedRun:
    by_query = dict(zip((query.id for query in folder.queries), ranked, strict=True))
    return of_rankings({"corpus_sha256": folder.corpus_sha256}, by_query, MEASURES)


def _documents(hits: Sequence[Hit]) -> Iterator[str]:
    """The documents in order, those of the same text one behind the other."""
    for hit in hits:
        yield hit.document_id
        yield from (document for document, _ in hit.copies)


def _items(folder: BeirFolder) -> Iterator[tuple[str, Document]]:
    for row in folder.documents:
        if row.text:
            yield row.id, as_document(row, f"{folder.corpus_path}#{row.id}")
