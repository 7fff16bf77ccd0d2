"""Ranked rows to passages: read from the catalog, the sentence that answers found, the features measured."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.catalog import Catalog
from index.confidence import Features, answering_sentence, coverage
from index.quotations import Quotation, Quotations
from index.retrieval import Query, Ranking
from index.snapshot import Snapshot
from index.types import Citation, Scores, Sentence
from index.vectors import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A ranked paragraph as an answer needs it, with the sentence of it that answers best; `copies` are cited."""

    quotation: Quotation
    sentence: Sentence
    copies: tuple[Citation, ...]
    scores: Scores
    features: Features


def choose(ranking: Ranking, snapshot: Snapshot, top_k: int, max_per_document: int | None) -> Ranking:
    """The first `top_k` of a ranking, with at most so many of one document."""
    taken: Counter[int] = Counter()
    positions: list[int] = []
    for position, document in enumerate(snapshot.document_rows[ranking.rows].tolist()):
        taken[document] += 1
        if max_per_document is None or taken[document] <= max_per_document:
            positions.append(position)
        if len(positions) == top_k:
            break
    return ranking.take(np.array(positions, dtype=np.int64))


def examine(
    ranking: Ranking,
    snapshot: Snapshot,
    catalog: Catalog,
    query: Query,
    allowed: Mask | None,
    quotations: Quotations,
) -> Iterator[Examined]:
    """Quote every ranked paragraph, best first, and measure how well it answers."""
    shares = snapshot.lexicon.weigh(query.terms)
    cosines = snapshot.sentences(query.vector, ranking.rows)
    for position, row in enumerate(ranking.rows.tolist()):
        quotation = quotations.paragraph(row, snapshot, catalog)
        sentence, features = measure(quotation, ranking, position, cosines[position], shares)
        others = _copies(snapshot, row, allowed)
        yield Examined(
            quotation=quotation,
            sentence=sentence,
            copies=tuple(quotations.paragraph(other, snapshot, catalog).citation for other in others),
            scores=ranking.scores(position),
            features=features,
        )


def measure(
    quotation: Quotation, ranking: Ranking, position: int, cosines: Sequence[float], shares: Mapping[str, float]
) -> tuple[Sentence, Features]:
    """The sentence of a paragraph that answers best, and the features of the paragraph for this question."""
    covered = [coverage(shares, stems) for stems in quotation.said]
    best = answering_sentence(cosines, covered)
    features = Features(
        unmet=float(ranking.met.unmet[position]),
        sentence=max(cosines),
    )
    return quotation.stored.paragraph.sentences[best], features


def _copies(snapshot: Snapshot, row: int, allowed: Mask | None) -> Iterator[int]:
    documents = {int(snapshot.document_rows[row])}
    for other in snapshot.other_copies(row, allowed).tolist():
        document = int(snapshot.document_rows[other])
        if document not in documents:
            documents.add(document)
            yield other
