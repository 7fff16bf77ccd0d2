"""Ranked rows to passages: read from the catalog, the sentence that answers found, the features measured."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.catalog import Catalog
from index.confidence import Features, answering_sentence, coverage
from index.records import StoredParagraph
from index.retrieval import Query, Ranking
from index.snapshot import Snapshot
from index.terms import terms
from index.types import Scores, Sentence
from index.vectors import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A ranked paragraph as an answer needs it, with the sentence of it that answers best."""

    stored: StoredParagraph
    sentence: Sentence
    copies: tuple[StoredParagraph, ...]
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
) -> Iterator[Examined]:
    """Read every ranked paragraph, best first, and measure how well it answers."""
    shares = snapshot.lexicon.weigh(query.terms)
    for position, row in enumerate(ranking.rows.tolist()):
        stored = catalog.paragraph(snapshot.document_id(row), snapshot.number(row))
        cosines = snapshot.sentences(query.vector, row)
        sentence, features = measure(stored, ranking, position, cosines, shares)
        yield Examined(
            stored=stored,
            sentence=sentence,
            copies=tuple(_copies(snapshot, catalog, row, allowed)),
            scores=ranking.scores(position),
            features=features,
        )


def measure(
    stored: StoredParagraph, ranking: Ranking, position: int, cosines: Sequence[float], shares: Mapping[str, float]
) -> tuple[Sentence, Features]:
    """The sentence of a paragraph that answers best, and the features of the paragraph for this question."""
    paragraph = stored.paragraph
    said = [terms(paragraph.text[sentence.start : sentence.end]) for sentence in paragraph.sentences]
    covered = [coverage(shares, set(stems)) for stems in said]
    best = answering_sentence(cosines, covered)
    features = Features(
        unmet=float(ranking.met.unmet[position]),
        sentence=max(cosines),
    )
    return paragraph.sentences[best], features


def _copies(snapshot: Snapshot, catalog: Catalog, row: int, allowed: Mask | None) -> Iterator[StoredParagraph]:
    documents = {int(snapshot.document_rows[row])}
    for other in snapshot.other_copies(row, allowed).tolist():
        document = int(snapshot.document_rows[other])
        if document not in documents:
            documents.add(document)
            yield catalog.paragraph(snapshot.document_id(other), snapshot.number(other))
