"""The candidates of a question: Milvus finds more rows than wanted, of which exact scores select the best."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from wherefrom.index.arrays import Matrix
from wherefrom.index.cluster.bm25 import Bm25
from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.cluster.filters import Visible
from wherefrom.index.cluster.milvus import MAX_LIMIT, SENTENCE_BITS, Hit, Milvus
from wherefrom.index.cluster.rows import Row, RowCache
from wherefrom.index.engine import Term
from wherefrom.index.search.first_stage import DEPTH, SENTENCES_PER_PARAGRAPH
from wherefrom.index.segments.vector_index import cosines

MARGIN = 1.25
"""Rows requested from Milvus per wanted row, since some are copies of others and some scores are equal."""
LEXICAL_MARGIN = 2.0
"""The same for BM25, whose weights in Milvus may be based on an outdated average length."""
ROUNDING = 1e-5
"""Upper bound of the difference between a score from Milvus and the exact score."""
GROWTH = 4
"""Factor by which the number of requested rows grows if too many of them were copies."""
Vectors = Mapping[int, tuple[Matrix, Matrix]]
"""The vector of each paragraph and those of its sentences, by the paragraph's number."""
Representing = Callable[[Collection[int]], Mapping[int, Row]]
"""Returns for the keys of texts the rows in scope that represent them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """The revision that a question is answered from: a connection at one state, and the build of Milvus for it."""

    db: Database
    milvus: Milvus
    build: str
    written: int
    """The time, by Milvus's clock, at which the last of the build's rows was written."""
    cache: RowCache
    bm25: Bm25
    visible: Visible
    dead: Sequence[int]
    """Versions that died up to this revision and may still be in Milvus."""


@dataclass(slots=True, kw_only=True)
class Search:
    """A search of Milvus and its results.

    `hits` are the results as Milvus returned them; `found` are the first hits of each identity, with the rows that
    represent their texts. Hits with the same `identity` are copies.
    """

    run: Callable[[int], list[Hit]]
    wanted: int
    limit: int
    identity: Callable[[Hit], object]
    hits: Sequence[Hit] = ()
    found: Sequence[tuple[Hit, Row]] = ()

    def first_of_each(self) -> list[Hit]:
        """Return the best hit of each identity, best first."""
        by_identity: dict[object, Hit] = {}
        for hit in self.hits:
            by_identity.setdefault(self.identity(hit), hit)
        return list(by_identity.values())

    @property
    def is_done(self) -> bool:
        """Whether the wanted hits are certain: all others have lower scores, or Milvus returns no further hits."""
        if len(self.hits) < self.limit or self.limit == MAX_LIMIT:
            return True
        return len(self.found) >= self.wanted and self.hits[-1].score < self.found[self.wanted - 1][0].score - ROUNDING

    @property
    def rows(self) -> list[Row]:
        """The rows that were found."""
        return [row for _, row in self.found]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSearch:
    """Finds the candidates of a question among the paragraphs of a scope.

    `paragraphs` and `sentences` are the filter expressions of the scope for Milvus, and `size` is its number of
    paragraphs.
    """

    searched: Searched
    paragraphs: str
    sentences: str
    size: int
    representing: Representing
    wanted_sentences: int = field(default=DEPTH * SENTENCES_PER_PARAGRAPH, init=False)

    def find(self, vector: Matrix, terms: Sequence[Term], lesser: Sequence[Term]) -> tuple[list[Row], Vectors]:
        """Return the union of the best rows of each search, ordered by document id and number, and their vectors.

        If the search by paragraph returns the whole scope, the other searches are skipped, since they can add nothing.
        """
        by_paragraph, *others = self.searches(vector, terms, lesser)
        by_sentence, *by_terms = others
        self._run([by_paragraph] if self.size <= DEPTH else [by_paragraph, *others])
        if len(by_paragraph.hits) < self.size <= DEPTH:
            self._run(others)
        best = self._best_by_terms([row for each in by_terms for row in each.rows], terms, lesser)
        read = {row.paragraph for row in (*by_paragraph.rows, *by_sentence.rows, *best.values())}
        vectors = self._vectors(sorted(read))
        best |= _best_paragraphs(by_paragraph.found, vector, vectors)
        best |= self._best_by_sentence(by_sentence.found, vector, vectors)
        return sorted(best.values(), key=lambda row: row.place), vectors

    def searches(self, vector: Matrix, terms: Sequence[Term], lesser: Sequence[Term]) -> list[Search]:
        """Return the searches by paragraph, by sentence, and, if the question has known terms, by terms."""
        milvus, build, written = self.searched.milvus, self.searched.build, self.searched.written
        nearest = partial(milvus.nearest, build, vector=vector, written=written)
        searches = [
            Search(
                run=lambda limit: nearest("paragraphs", limit=limit, expression=self.paragraphs),
                wanted=DEPTH,
                limit=int(DEPTH * MARGIN),
                identity=_text,
            ),
            Search(
                run=lambda limit: nearest("sentences", limit=limit, expression=self.sentences),
                wanted=self.wanted_sentences,
                limit=int(self.wanted_sentences * MARGIN),
                identity=_sentence,
            ),
        ]
        if weights := self.searched.bm25.weights(terms, lesser):
            by_terms = Search(
                run=lambda limit: milvus.heaviest(
                    build, weights, limit=limit, expression=self.paragraphs, written=written
                ),
                wanted=DEPTH,
                limit=int(DEPTH * LEXICAL_MARGIN),
                identity=_text,
            )
            searches.append(by_terms)
        return searches

    def _run(self, searches: Sequence[Search]) -> None:
        """Run searches concurrently; repeat those whose results had too many copies, with a higher limit."""
        waiting = list(searches)
        while waiting:
            found = self.searched.milvus.at_once([partial(each.run, each.limit) for each in waiting])
            for search, hits in zip(waiting, found, strict=True):
                search.hits = hits
            firsts = [search.first_of_each() for search in waiting]
            rows = self.representing({hit.text_key for hits in firsts for hit in hits})
            for search, hits in zip(waiting, firsts, strict=True):
                search.found = [(hit, rows[hit.text_key]) for hit in hits if hit.text_key in rows]
            waiting = [search for search in waiting if not search.is_done]
            for search in waiting:
                search.limit = min(search.limit * GROWTH, MAX_LIMIT)

    def _best_by_terms(self, rows: Sequence[Row], terms: Sequence[Term], lesser: Sequence[Term]) -> dict[int, Row]:
        """Return the rows with the highest exact BM25 scores."""
        scores = self.searched.bm25.scores(rows, terms, lesser)
        ranked = sorted(zip(scores.tolist(), rows, strict=True), key=lambda each: (-each[0], each[1].place))
        return {row.paragraph: row for score, row in ranked[:DEPTH] if score > 0}

    def _best_by_sentence(self, found: Sequence[tuple[Hit, Row]], vector: Matrix, vectors: Vectors) -> dict[int, Row]:
        """Return the rows of the sentences with the highest exact cosines with a vector."""
        rows = [row for _, row in found]
        places = [hit.row % (1 << SENTENCE_BITS) for hit, _ in found]
        held = []
        for row, place in zip(rows, places, strict=True):
            _, sentences = vectors[row.paragraph]
            held.append(sentences[min(place, len(sentences) - 1)])
        exact = _exact(held, vector)
        best = sorted(zip(exact, rows, places, strict=True), key=lambda each: (-each[0], each[1].place, each[2]))
        owners: dict[int, Row] = {}
        for _, row, _ in best[: self.wanted_sentences]:
            owners.setdefault(row.paragraph, row)
        return dict(list(owners.items())[:DEPTH])

    def _vectors(self, numbers: Sequence[int]) -> Vectors:
        found = self.searched.cache.vectors(self.searched.db, np.array(numbers, dtype=np.int64))
        return dict(zip(numbers, found, strict=True))


def _best_paragraphs(found: Sequence[tuple[Hit, Row]], vector: Matrix, vectors: Vectors) -> dict[int, Row]:
    """Return the rows of the paragraphs with the highest exact cosines with a vector."""
    rows = [row for _, row in found]
    exact = _exact([vectors[row.paragraph][0] for row in rows], vector)
    best = sorted(zip(exact, rows, strict=True), key=lambda each: (-each[0], each[1].place))
    return {row.paragraph: row for _, row in best[:DEPTH]}


def _exact(vectors: Sequence[Matrix], query: Matrix) -> list[float]:
    return cosines(np.stack(vectors), query).tolist() if vectors else []


def _text(hit: Hit) -> object:
    """Return the identity of a paragraph, which its copies share."""
    return hit.text_key


def _sentence(hit: Hit) -> object:
    """Return the identity of a sentence, which it shares with the same sentence in copies of its paragraph."""
    return hit.text_key, hit.row % (1 << SENTENCE_BITS)
