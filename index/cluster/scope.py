"""The part of a revision that filters and words allow: Milvus finds candidates, PostgreSQL has the exact scores."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from wherefrom.index.arrays import Matrix, Rows
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.cluster.candidates import CandidateSearch, Searched, Vectors
from wherefrom.index.cluster.filters import EVERYTHING, Condition
from wherefrom.index.cluster.rows import Row
from wherefrom.index.engine import FirstStage, Term
from wherefrom.index.scoring.fusion import context_share
from wherefrom.index.search.candidates import CandidateColumns, CandidateVectors, EmbeddedCandidates

CACHED_TEXTS = 16_384
"""Number of texts whose rows are cached."""


@dataclass(frozen=True, slots=True)
class Copies:
    """The rows in scope that have the same text: the row that represents it, and the number of rows."""

    first: int
    rows: int


CopiesCache = BoundedCache[int, Copies]
"""Copies by the key of their text."""


def new_copies_cache() -> CopiesCache:
    """Return an empty cache, for one scope."""
    return BoundedCache(CACHED_TEXTS)


@dataclass(frozen=True, kw_only=True)
class ClusterScope:
    """The paragraphs that filters allow; see `engine.Scope`.

    `documents` is the condition on versions and `words` that on paragraphs. `word_expression` is the latter as a filter
    expression of Milvus, with `%s` for the field of the paragraph's number. `copies` caches the rows of texts in scope.
    """

    searched: Searched
    documents: Condition = EVERYTHING
    words: Condition = EVERYTHING
    word_expression: str = ""
    warnings: tuple[str, ...] = ()
    newest_copies: bool = False
    copies: CopiesCache = field(default_factory=new_copies_cache)

    @property
    def is_empty(self) -> bool:
        """Whether the filters allow nothing."""
        return not self._is_everything and self.paragraphs == 0

    @cached_property
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
        if self.copies.get(known.text_key) == Copies(row, 1):
            return np.empty(0, dtype=np.int64)
        query = f"""SELECT paragraph FROM paragraphs JOIN versions USING (version)
            WHERE text_key = %s AND paragraph <> %s AND {self._rows} ORDER BY document_id, number"""  # noqa: S608
        found = self.searched.db.execute(query.encode(), (known.text_key, row, *self._row_values))
        return np.array([each[0] for each in found], dtype=np.int64)

    def first_stage(self, vector: Matrix, terms: Sequence[Term], lesser: Sequence[Term] = ()) -> FirstStage:
        """Search for a question's vector and terms: the union of the best rows of each search, each text once."""
        bm25 = self.searched.bm25
        rows, vectors = self.search.find(vector, terms, lesser)
        preceding = self._preceding(rows)
        candidates = self._gathered(rows, vectors)
        dense, sentence, sentences = candidates.cosines(vector)
        return FirstStage(
            candidates=candidates,
            dense=dense,
            sentence=sentence,
            sentences=sentences,
            lexical=bm25.scores(rows, terms, lesser).astype(np.float64),
            preceding_lexical=bm25.scores(preceding, terms, lesser).astype(np.float64),
        )

    @property
    def search(self) -> CandidateSearch:
        """The searches of Milvus in this scope."""
        return CandidateSearch(
            searched=self.searched,
            paragraphs=self._expression("id"),
            sentences=self._expression("paragraph"),
            size=self.paragraphs,
            representing=self._representing,
        )

    def _representing(self, text_keys: Collection[int]) -> Mapping[int, Row]:
        """Return for each text in scope the row that represents it: the first one, or the newest."""
        known = {key: copies for key in text_keys if (copies := self.copies.get(key)) is not None}
        missing = [key for key in text_keys if key not in known]
        if missing:
            order = "published DESC, document_id, number" if self.newest_copies else "document_id, number"
            query = f"""SELECT DISTINCT ON (text_key) text_key, paragraph, count(*) OVER (PARTITION BY text_key)
                FROM paragraphs JOIN versions USING (version)
                WHERE text_key = ANY(%s) AND {self._rows} ORDER BY text_key, {order}"""  # noqa: S608 - our own parts
            for key, paragraph, rows in self.searched.db.execute(query.encode(), (missing, *self._row_values)):
                known[key] = Copies(paragraph, rows)
                self.copies.put(key, known[key])
        rows_by_number = self.searched.cache.rows(self.searched.db, [each.first for each in known.values()])
        return {key: rows_by_number[each.first] for key, each in known.items()}

    def _preceding(self, rows: Sequence[Row]) -> list[Row]:
        found = self.searched.cache.rows(self.searched.db, [row.preceding for row in rows])
        return [found[row.preceding] for row in rows]

    def _gathered(self, rows: Sequence[Row], vectors: Vectors) -> EmbeddedCandidates:
        """Return rows as candidates, with their vectors."""
        numbers = np.array([row.paragraph for row in rows], dtype=np.int64)
        held = [vectors[row.paragraph] for row in rows]
        counts = np.array([len(sentences) for _, sentences in held], dtype=np.int64)
        matrix = _stacked([*(each for each, _ in held), *(each for _, sentences in held for each in sentences)])
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
                vectors=[(matrix, slice(None))] if held else [],
                sentence_starts=np.cumsum(counts) - counts,
                size=len(matrix),
            ),
            paragraph_vectors=lambda wanted: _stacked([vectors[number][0] for number in wanted.tolist()]),
            packed_tokens=lambda wanted: self.searched.cache.tokens(self.searched.db, wanted),
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

    def _expression(self, name: str) -> str:
        """Return the filter expression of Milvus for the scope; `name` is the field of a paragraph's number."""
        parts = [f"born <= {self.searched.visible.revision}"]
        if self.searched.dead:
            parts.append(f"version not in {list(self.searched.dead)}")
        parts += [self.documents.expression, self.word_expression.replace("%s", name)]
        return " and ".join(filter(None, parts))

    def _number(self, query: str, values: Sequence[object]) -> int:
        row = self.searched.db.execute(query.encode(), values).fetchone()
        return int(row[0]) if row else 0


def _stacked(vectors: Sequence[Matrix]) -> Matrix:
    """Return vectors as the rows of a matrix."""
    return np.stack(vectors) if vectors else np.empty((0, 0), dtype=np.float32)
