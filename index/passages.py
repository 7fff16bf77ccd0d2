"""Ranked rows to passages: read from the catalog, the sentence that answers found, the features measured."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.catalog import Catalog
from index.confidence import Features, answering_sentence, coverage
from index.duplicates import fold
from index.mentions import mentions
from index.quotations import Quotation, Quotations
from index.reranker import Reranker
from index.retrieval import Query, Ranking
from index.snapshot import Snapshot
from index.types import Citation, Scores, Sentence
from index.vectors import Mask

FOLDED_AMONG = 50
"""Ranked paragraphs among which near-duplicates are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A ranked paragraph as an answer needs it, with the sentence of it that answers best; `copies` are cited."""

    quotation: Quotation
    sentence: Sentence
    copies: tuple[Citation, ...]
    scores: Scores
    features: Features


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where paragraphs are read: a snapshot, a catalog held at its state, and what was quoted before."""

    snapshot: Snapshot
    catalog: Catalog
    quotations: Quotations

    def quotation(self, row: int) -> Quotation:
        """What a row's paragraph is quoted as."""
        return self.quotations.paragraph(row, self.snapshot, self.catalog)

    def text(self, row: int) -> str:
        """The text of a row's paragraph."""
        return self.quotation(row).stored.paragraph.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A ranking in which a passage takes one place, and by row its near-duplicates in other documents."""

    ranking: Ranking
    alike: Mapping[int, tuple[int, ...]]


def fold_alike(ranking: Ranking, pages: Pages) -> Folded:
    """Let near-duplicates among the first paragraphs take the place of the best of them."""
    first = ranking.rows[:FOLDED_AMONG]
    documents = pages.snapshot.document_rows[first]
    groups = fold(pages.snapshot.vectors(first), documents, lambda position: pages.text(int(first[position])))
    kept = [group[0] for group in groups] + list(range(len(first), len(ranking)))
    several = (group for group in groups if len(group) > 1)
    alike = {int(first[group[0]]): tuple(int(first[position]) for position in group[1:]) for group in several}
    return Folded(ranking=ranking.take(np.array(kept, dtype=np.int64)), alike=alike)


def read_again(folded: Folded, pages: Pages, question: str, reranker: Reranker) -> Folded:
    """Put the first paragraphs, as many as the reranker has time for, in the order that it gives them."""
    rows = folded.ranking.rows[: reranker.depth].tolist()
    scores = reranker.scores(question, [pages.text(row) for row in rows])
    order = np.argsort(-scores, kind="stable")
    behind = np.arange(len(rows), len(folded.ranking))
    return replace(folded, ranking=folded.ranking.take(np.append(order, behind)))


def choose(folded: Folded, snapshot: Snapshot, top_k: int, max_per_document: int | None) -> Folded:
    """The first `top_k` of a ranking, with at most so many of one document."""
    ranking = folded.ranking
    taken: Counter[int] = Counter()
    positions: list[int] = []
    for position, document in enumerate(snapshot.document_rows[ranking.rows].tolist()):
        taken[document] += 1
        if max_per_document is None or taken[document] <= max_per_document:
            positions.append(position)
        if len(positions) == top_k:
            break
    return replace(folded, ranking=ranking.take(np.array(positions, dtype=np.int64)))


def examine(folded: Folded, pages: Pages, query: Query, allowed: Mask | None) -> Iterator[Examined]:
    """Quote every ranked paragraph, best first, and measure how well it answers."""
    ranking, snapshot = folded.ranking, pages.snapshot
    shares = snapshot.lexicon.weigh(query.terms)
    missing = sum(not snapshot.lexicon.says(beginning) for beginning in mentions(query.text))
    cosines = snapshot.sentences(query.vector, ranking.rows)
    for position, row in enumerate(ranking.rows.tolist()):
        quotation = pages.quotation(row)
        sentence, nearest = answering(quotation, cosines[position], shares)
        unmet = float(ranking.met.unmet[position])
        others = copies_of(row, folded, snapshot, allowed)
        yield Examined(
            quotation=quotation,
            sentence=sentence,
            copies=tuple(pages.quotation(other).citation for other in others),
            scores=ranking.scores(position),
            features=Features(unmet=unmet, sentence=nearest, missing=missing),
        )


def answering(quotation: Quotation, cosines: Sequence[float], shares: Mapping[str, float]) -> tuple[Sentence, float]:
    """The sentence of a paragraph that answers best, and the cosine of its nearest one."""
    covered = [coverage(shares, stems) for stems in quotation.said]
    best = answering_sentence(cosines, covered)
    return quotation.stored.paragraph.sentences[best], max(cosines)


def copies_of(row: int, folded: Folded, snapshot: Snapshot, allowed: Mask | None) -> Iterator[int]:
    """The rows in other documents that say what a row says, one a document: the same word for word, then nearly."""
    found = snapshot.other_copies(row, allowed).tolist()
    for alike in folded.alike.get(row, ()):
        found += [alike, *snapshot.other_copies(alike, allowed).tolist()]
    documents = {int(snapshot.document_rows[row])}
    for other in found:
        document = int(snapshot.document_rows[other])
        if document not in documents:
            documents.add(document)
            yield other
