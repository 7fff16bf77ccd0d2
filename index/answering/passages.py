"""Ranked rows to passages: read from the catalog, the sentence that answers found, the features measured."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wherefrom.index.answering.citation_cache import Quotation, Quotations
from wherefrom.index.arrays import Mask
from wherefrom.index.ranking.cross_encoder import Reranker
from wherefrom.index.ranking.query import Query
from wherefrom.index.ranking.ranking import Ranking
from wherefrom.index.scoring.calibration import Features, answering_sentence, coverage
from wherefrom.index.scoring.near_duplicates import fold
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.storage.catalog import Catalog
from wherefrom.index.text.mentions import mentions
from wherefrom.index.types import Citation, Scores, Sentence

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
    first = ranking.order[:FOLDED_AMONG]
    close = ranking.candidates.close(first)
    if close is None:
        return Folded(ranking=ranking, alike={})
    rows, documents = ranking.candidates.rows[first].tolist(), ranking.candidates.documents[first]
    groups = fold(close, documents, lambda place: pages.text(rows[place]))
    kept = [group[0] for group in groups] + list(range(len(first), len(ranking)))
    alike = {rows[best]: tuple(rows[place] for place in others) for best, *others in groups if others}
    return Folded(ranking=ranking.take(np.array(kept, dtype=np.int64)), alike=alike)


def read_again(folded: Folded, pages: Pages, question: str, reranker: Reranker) -> Folded:
    """Put the first paragraphs, as many as the reranker has time for, in the order that it gives them."""
    rows = folded.ranking.rows[: reranker.depth].tolist()
    scores = reranker.scores(question, [pages.text(row) for row in rows])
    order = np.argsort(-scores, kind="stable")
    behind = np.arange(len(rows), len(folded.ranking))
    return replace(folded, ranking=folded.ranking.take(np.append(order, behind)))


def choose(folded: Folded, top_k: int, max_per_document: int | None) -> Folded:
    """The first `top_k` of a ranking, with at most so many of one document."""
    ranking = folded.ranking
    if max_per_document is None:
        return replace(folded, ranking=ranking.take(slice(top_k)))
    taken: Counter[int] = Counter()
    places: list[int] = []
    for place, document in enumerate(ranking.candidates.documents[ranking.order].tolist()):
        taken[document] += 1
        if taken[document] <= max_per_document:
            places.append(place)
        if len(places) == top_k:
            break
    return replace(folded, ranking=ranking.take(np.array(places, dtype=np.int64)))


def examine(folded: Folded, pages: Pages, query: Query, allowed: Mask | None) -> Iterator[Examined]:
    """Quote every ranked paragraph, best first, and measure how well it answers."""
    ranking, snapshot = folded.ranking, pages.snapshot
    shares = snapshot.lexicon.weigh(query.terms)
    missing = sum(not snapshot.lexicon.says(beginning) for beginning in mentions(query.text))
    for position, row in zip(ranking.order.tolist(), ranking.rows.tolist(), strict=True):
        quotation = pages.quotation(row)
        sentence, nearest = answering(quotation, ranking.sentences_of(position), shares)
        unmet = float(ranking.unmet[position])
        yield Examined(
            quotation=quotation,
            sentence=sentence,
            copies=tuple([pages.quotation(other).citation for other in copies_of(row, folded, snapshot, allowed)]),
            scores=ranking.scores(position),
            features=Features(unmet=unmet, sentence=nearest, missing=missing),
        )


def answering(quotation: Quotation, cosines: Sequence[float], shares: Mapping[str, float]) -> tuple[Sentence, float]:
    """The sentence of a paragraph that answers best, and the cosine of its nearest one."""
    covered = [coverage(shares, stems) for stems in quotation.said]
    best = answering_sentence(cosines, covered)
    return quotation.stored.paragraph.sentences[best], max(cosines)


def copies_of(row: int, folded: Folded, snapshot: Snapshot, allowed: Mask | None) -> Sequence[int]:
    """The rows in other documents that say what a row says, one a document: the same word for word, then nearly."""
    found = snapshot.other_copies(row, allowed).tolist()
    for alike in folded.alike.get(row, ()):
        found += [alike, *snapshot.other_copies(alike, allowed).tolist()]
    first = {int(snapshot.document_rows[row]): row}
    for other in found:
        first.setdefault(int(snapshot.document_rows[other]), other)
    return list(first.values())[1:]
