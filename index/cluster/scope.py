"""The part of a revision that filters and words allow: Milvus finds candidates, PostgreSQL gives exact scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.index.arrays import Matrix, Rows
from wherefrom.index.cluster.bm25 import Bm25
from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.cluster.filters import EVERYTHING, Condition, Visible
from wherefrom.index.cluster.milvus import MAX_LIMIT, SENTENCE_BITS, Hit, Milvus
from wherefrom.index.cluster.rows import Row, RowCache
from wherefrom.index.engine import FirstStage, Term
from wherefrom.index.scoring.fusion import context_share
from wherefrom.index.search.candidates import CandidateColumns, CandidateVectors, EmbeddedCandidates
from wherefrom.index.search.first_stage import DEPTH, SENTENCES_PER_PARAGRAPH
from wherefrom.index.segments.vector_index import cosines

MARGIN = 1.25
"""How many more rows Milvus is asked for than are wanted: some are copies of others, some scores are equal."""
LEXICAL_MARGIN = 2.0
"""The same for BM25, whose weights in Milvus are those of an average length that may have changed since."""
ROUNDING = 1e-5
"""How far a score of Milvus may be from the exact one."""
GROWTH = 4
"""How many times more rows are asked for, if there were too many copies among them."""
Search = Callable[[int], list[Hit]]
"""Returns at most this many hits, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What a question is answered from: a connection at one state, and the build of Milvus that holds it."""

    db: Database
    milvus: Milvus
    build: str
    cache: RowCache
    bm25: Bm25
    visible: Visible
    dead: Sequence[int]
    """Versions that died up to this revision and may still be in Milvus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterScope:
    """The paragraphs that filters allow; see `engine.Scope`.

    `documents` is the condition on versions, `words` that on paragraphs, and `word_expression` what Milvus is told of
    the latter, with `%s` for the name of a paragraph's number.
    """

    searched: Searched
    documents: Condition = EVERYTHING
    words: Condition = EVERYTHING
    word_expression: str = ""
    warnings: tuple[str, ...] = ()
    newest_copies: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the filters allow nothing."""
        return not self._is_everything and self.paragraphs == 0

    @property
    def paragraphs(self) -> int:
        """The number of paragraphs that are allowed."""
        if self._is_everything:
            return self.searched.bm25.statistics.totals.passages
        if self.words == EVERYTHING:
            query = f"SELECT coalesce(sum(passages), 0) FROM versions WHERE {self._versions}"  # noqa: S608
            return self._number(query, self._version_values)
        query = f"SELECT count(*) FROM paragraphs JOIN versions USING (version) WHERE {self._rows}"  # noqa: S608
        return self._number(query, self._row_values)

    def published(self, rows: Rows) -> Rows:
        """Return the ordinals of the publication dates of rows, 0 for a row without one."""
        found = self.searched.cache.rows(self.searched.db, rows.tolist())
        return np.array([found[row].published for row in rows.tolist()], dtype=np.int64)

    def newest(self, latest: int) -> int:
        """Return the ordinal of the latest publication date in scope that is not after `latest`; 0 if there is none."""
        query = f"""SELECT coalesce(max(published), 0) FROM paragraphs JOIN versions USING (version)
            WHERE {self._rows} AND published <= %s"""  # noqa: S608 - our own conditions
        return self._number(query, (*self._row_values, latest))

    def duplicates(self, row: int) -> Rows:
        """Return the other rows in scope with the same text apart from case and white space, in order."""
        known = self.searched.cache.row(self.searched.db, row)
        query = f"""SELECT paragraph FROM paragraphs JOIN versions USING (version)
            WHERE text_key = %s AND paragraph <> %s AND {self._rows} ORDER BY document_id, number"""  # noqa: S608
        found = self.searched.db.execute(query.encode(), (known.text_key, row, *self._row_values))
        return np.array([each[0] for each in found], dtype=np.int64)

    def first_stage(self, vector: Matrix, terms: Sequence[Term], lesser: Sequence[Term] = ()) -> FirstStage:
        """Search for a question's vector and terms: the union of the best rows of each search, each text once."""
        bm25 = self.searched.bm25
        rows = self._candidates(vector, terms, lesser)
        numbers = np.array([row.paragraph for row in rows], dtype=np.int64)
        preceding = self._preceding(rows)
        candidates = self._gathered(rows, numbers)
        dense, sentence, sentences = candidates.cosines(vector)
        return FirstStage(
            candidates=candidates,
            dense=dense,
            sentence=sentence,
            sentences=sentences,
            lexical=bm25.scores(rows, terms, lesser).astype(np.float64),
            preceding_lexical=bm25.scores(preceding, terms, lesser).astype(np.float64),
        )

    def _candidates(self, vector: Matrix, terms: Sequence[Term], lesser: Sequence[Term]) -> list[Row]:
        """Return the union of what each search ranks first, in order of document id and number."""
        searched = self.searched
        weights = searched.bm25.weights(terms, lesser)
        paragraphs, sentences = self._expression("id"), self._sentence_expression

        def by_paragraph(limit: int) -> list[Hit]:
            return searched.milvus.nearest(searched.build, "paragraphs", vector, limit=limit, expression=paragraphs)

        def by_sentence(limit: int) -> list[Hit]:
            return searched.milvus.nearest(searched.build, "sentences", vector, limit=limit, expression=sentences)

        def by_terms(limit: int) -> list[Hit]:
            if not weights:
                return []
            return searched.milvus.heaviest(searched.build, weights, limit=limit, expression=paragraphs)

        chosen = self._best_paragraphs(self._representatives(by_paragraph, DEPTH, MARGIN, _text), vector)
        found = self._representatives(by_sentence, DEPTH * SENTENCES_PER_PARAGRAPH, MARGIN, _sentence)
        chosen |= self._best_by_sentence(found, vector)
        rows = [row for _, row in self._representatives(by_terms, DEPTH, LEXICAL_MARGIN, _text)]
        scores = searched.bm25.scores(rows, terms, lesser)
        ranked = sorted(zip(scores.tolist(), rows, strict=True), key=lambda each: (-each[0], each[1].place))
        chosen |= {row.paragraph: row for score, row in ranked[:DEPTH] if score > 0}
        return sorted(chosen.values(), key=lambda row: row.place)

    def _best_paragraphs(self, found: Sequence[tuple[Hit, Row]], vector: Matrix) -> dict[int, Row]:
        """Return the rows whose paragraphs are nearest to a vector, by their exact cosines."""
        rows = [row for _, row in found]
        exact = self._exact([held for held, _ in self._vectors(rows)], vector)
        best = sorted(zip(exact, rows, strict=True), key=lambda each: (-each[0], each[1].place))
        return {row.paragraph: row for _, row in best[:DEPTH]}

    def _best_by_sentence(self, found: Sequence[tuple[Hit, Row]], vector: Matrix) -> dict[int, Row]:
        """Return the rows of the sentences that are nearest to a vector, by their exact cosines."""
        rows = [row for _, row in found]
        places = [hit.row % (1 << SENTENCE_BITS) for hit, _ in found]
        held = [
            sentences[min(place, len(sentences) - 1)]
            for place, (_, sentences) in zip(places, self._vectors(rows), strict=True)
        ]
        exact = self._exact(held, vector)
        best = sorted(zip(exact, rows, places, strict=True), key=lambda each: (-each[0], each[1].place, each[2]))
        owners: dict[int, Row] = {}
        for _, row, _ in best[: DEPTH * SENTENCES_PER_PARAGRAPH]:
            owners.setdefault(row.paragraph, row)
        return dict(list(owners.items())[:DEPTH])

    def _vectors(self, rows: Sequence[Row]) -> list[tuple[Matrix, Matrix]]:
        numbers = np.array([row.paragraph for row in rows], dtype=np.int64)
        return self.searched.cache.vectors(self.searched.db, numbers)

    @staticmethod
    def _exact(vectors: Sequence[Matrix], query: Matrix) -> list[float]:
        return cosines(np.stack(vectors), query).tolist() if vectors else []

    def _representatives(
        self, search: Search, wanted: int, margin: float, identity: Callable[[Hit], object]
    ) -> list[tuple[Hit, Row]]:
        """Return the hits of a search with the rows that represent their texts, each identity once, best first.

        If there are fewer than wanted, although there may be others, or others that are as good as the last one wanted,
        the search is repeated for more.
        """
        limit = int(wanted * margin)
        while True:
            hits = search(limit)
            by_identity: dict[object, Hit] = {}
            for hit in hits:
                by_identity.setdefault(identity(hit), hit)
            rows = self._representing({hit.text_key for hit in by_identity.values()})
            found = [(hit, rows[hit.text_key]) for hit in by_identity.values() if hit.text_key in rows]
            is_enough = len(found) >= wanted and hits[-1].score < found[wanted - 1][0].score - ROUNDING
            if is_enough or len(hits) < limit or limit == MAX_LIMIT:
                return found
            limit = min(limit * GROWTH, MAX_LIMIT)

    def _representing(self, text_keys: set[int]) -> dict[int, Row]:
        """Return for each text the row in scope that stands for it: the first one, or the newest."""
        order = "published DESC, document_id, number" if self.newest_copies else "document_id, number"
        query = f"""SELECT DISTINCT ON (text_key) text_key, paragraph FROM paragraphs JOIN versions USING (version)
            WHERE text_key = ANY(%s) AND {self._rows} ORDER BY text_key, {order}"""  # noqa: S608 - our own parts
        values = (list(text_keys), *self._row_values)
        found: dict[int, int] = {row[0]: row[1] for row in self.searched.db.execute(query.encode(), values)}
        rows = self.searched.cache.rows(self.searched.db, list(found.values()))
        return {text_key: rows[number] for text_key, number in found.items()}

    def _preceding(self, rows: Sequence[Row]) -> list[Row]:
        found = self.searched.cache.rows(self.searched.db, [row.preceding for row in rows])
        return [found[row.preceding] for row in rows]

    def _gathered(self, rows: Sequence[Row], numbers: Rows) -> EmbeddedCandidates:
        """Return rows as candidates, with their vectors."""
        db, cache = self.searched.db, self.searched.cache
        vectors = cache.vectors(db, numbers)
        counts = np.array([len(sentences) for _, sentences in vectors], dtype=np.int64)
        matrix = _stacked([*(each for each, _ in vectors), *(each for _, held in vectors for each in held)])
        preceding = np.array([row.preceding for row in rows], dtype=np.int64)
        lengths = np.array([row.length for row in rows], dtype=np.int32)
        columns = CandidateColumns(
            rows=numbers,
            documents=np.array([row.version for row in rows], dtype=np.int64),
            lengths=lengths.astype(np.int64),
            preceding=preceding,
            context_shares=np.where(preceding == numbers, 0, context_share(lengths.astype(np.int64))),
        )
        return EmbeddedCandidates(
            columns,
            CandidateVectors(
                vectors=[(matrix, slice(None))] if vectors else [],
                sentence_starts=np.cumsum(counts) - counts,
                size=len(matrix),
            ),
            paragraph_vectors=lambda wanted: _stacked([each for each, _ in cache.vectors(db, wanted)]),
            packed_tokens=lambda wanted: cache.tokens(db, wanted),
            cached=False,
        )

    @property
    def _is_everything(self) -> bool:
        return self.documents == EVERYTHING and self.words == EVERYTHING

    @property
    def _versions(self) -> str:
        return f"{self.searched.visible.sql} AND {self.documents.sql}"

    @property
    def _version_values(self) -> tuple[object, ...]:
        return *self.searched.visible.values, *self.documents.values

    @property
    def _rows(self) -> str:
        return f"{self._versions} AND {self.words.sql}"

    @property
    def _row_values(self) -> tuple[object, ...]:
        return *self._version_values, *self.words.values

    @property
    def _sentence_expression(self) -> str:
        return self._expression("paragraph")

    def _expression(self, name: str) -> str:
        """Return the expression of Milvus for what is in scope; `name` is that of a paragraph's number."""
        parts = [f"born <= {self.searched.visible.revision}"]
        if self.searched.dead:
            parts.append(f"version not in {list(self.searched.dead)}")
        parts += [self.documents.expression, self.word_expression.replace("%s", name)]
        return " and ".join(filter(None, parts))

    def _number(self, query: str, values: Sequence[object]) -> int:
        row = self.searched.db.execute(query.encode(), values).fetchone()
        return int(row[0]) if row else 0


def _text(hit: Hit) -> object:
    """Return what is the same for copies of a paragraph."""
    return hit.text_key


def _sentence(hit: Hit) -> object:
    """Return what is the same for copies of a sentence in copies of a paragraph."""
    return hit.text_key, hit.row % (1 << SENTENCE_BITS)


def _stacked(vectors: Sequence[Matrix]) -> Matrix:
    """Return vectors as the rows of a matrix."""
    return np.stack(vectors) if vectors else np.empty((0, 0), dtype=np.float32)
