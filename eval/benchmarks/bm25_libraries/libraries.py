"""bm25s, tantivy and SQLite FTS5 behind one protocol. bm25s and tantivy come with the extra `compare`."""
# ruff: noqa: D102 - the methods are documented in `Bm25Library`

import json
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import bm25s
import numpy as np

if TYPE_CHECKING:
    from tantivy import Index

SAMPLE_STEP = 16  # every 16th score gives a first threshold: 0.6 ms instead of 7 ms for a million scores
Tokens = list[str]
Rows = Iterable[tuple[int, Tokens]]
ScoredRows = list[tuple[int, float]]


class Bm25Library(Protocol):
    """A BM25 index over numbered rows of tokens, stored in a folder. Higher scores are better."""

    def build(self, rows: Rows) -> None:
        """Index the rows, and save the index."""

    def open(self) -> None:
        """Load the saved index."""

    def top(self, query: Tokens, count: int, allowed: list[int] | None = None) -> ScoredRows:
        """Return the best rows that contain a query token; only among `allowed` (ascending) if given."""

    def change(self, added: Rows, removed: Iterable[int] = ()) -> None:
        """Add and remove rows; the next call of `top` sees the change."""


class Bm25s:
    """bm25s, which computes scores when the index is built, so that a change is a rebuild."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, rows: Rows) -> None:
        self._tokens = dict(rows)
        words: dict[str, int] = {}
        ids = [[words.setdefault(token, len(words)) for token in row] for row in self._tokens.values()]
        index = bm25s.BM25(k1=0.9, b=0.4, method="lucene")
        index.index((ids, words), create_empty_token=False, show_progress=False)
        index.save(self._folder, show_progress=False)
        np.save(self._folder / "rows.npy", np.array(list(self._tokens)))
        self.open()

    def open(self) -> None:
        self._index = bm25s.BM25.load(self._folder, mmap=True, show_progress=False)
        self._rows = np.load(self._folder / "rows.npy")

    def top(self, query: Tokens, count: int, allowed: list[int] | None = None) -> ScoredRows:
        scores = self._index.get_scores_from_ids(self._index.get_tokens_ids(query))
        places = np.arange(len(scores)) if allowed is None else np.searchsorted(self._rows, allowed)
        chosen = scores if allowed is None else scores[places]
        for step in (SAMPLE_STEP, 1):  # the count-th best score of a sample is no higher than that of all rows
            if len(chosen[::step]) > count:
                best = np.flatnonzero(chosen >= np.partition(chosen[::step], -count)[-count])
                places, chosen = places[best], chosen[best]
        order = np.lexsort((places, -chosen))[:count]
        ranked = zip(self._rows[places[order]].tolist(), chosen[order].tolist(), strict=True)
        return [(row, score) for row, score in ranked if score > 0]

    def change(self, added: Rows, removed: Iterable[int] = ()) -> None:
        for row in removed:
            del self._tokens[row]
        self.build((self._tokens | dict(added)).items())


class Tantivy:
    """tantivy, with segments on disk. k1 is 1.2, b is 0.75 and lengths are rounded to a byte; none can be set."""

    def __init__(self, folder: Path) -> None:
        import tantivy  # noqa: PLC0415 - not a dependency

        self._tantivy: Any = tantivy
        self._folder = folder
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="spaces", index_option="freq")
        builder.add_unsigned_field("row", indexed=True, fast=True)
        self._schema = builder.build()

    def build(self, rows: Rows) -> None:
        self._index = self._tokenizing(self._tantivy.Index(self._schema, path=str(self._folder)))
        self.change(rows)

    def open(self) -> None:
        self._index = self._tokenizing(self._tantivy.Index.open(str(self._folder)))
        self._searcher = self._index.searcher()

    def _tokenizing(self, index: "Index") -> "Index":
        spaces = self._tantivy.TextAnalyzerBuilder(self._tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("spaces", spaces)
        return index

    def top(self, query: Tokens, count: int, allowed: list[int] | None = None) -> ScoredRows:
        kind, occur, schema = self._tantivy.Query, self._tantivy.Occur, self._schema
        terms = [(occur.Should, kind.term_query(schema, "body", token, "freq")) for token in query]
        search = kind.boolean_query(terms)
        if allowed is not None:
            rows = kind.const_score_query(kind.term_set_query(schema, "row", allowed), 0.0)
            search = kind.boolean_query([(occur.Must, rows), (occur.Must, search)])
        hits = self._searcher.search(search, limit=count, count=False).hits
        rows_found = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [(int(row or 0), score) for row, (score, _) in zip(rows_found, hits, strict=True)]

    def change(self, added: Rows, removed: Iterable[int] = ()) -> None:
        document, writer = self._tantivy.Document, self._index.writer(num_threads=1)
        for row in removed:  # delete_documents_by_term reads the number as signed, and deletes nothing
            term = self._tantivy.Query.term_query(self._schema, "row", row)
            writer.delete_documents_by_query(term)
        for row, tokens in added:
            writer.add_document(document.from_dict({"body": " ".join(tokens), "row": row}, self._schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()


class Fts5:
    """FTS5, a virtual table of SQLite. k1 is 1.2 and b is 0.75; they cannot be set."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "fts.sqlite")
        self._database.execute("PRAGMA journal_mode = WAL")

    def build(self, rows: Rows) -> None:
        tokenizer = "ascii tokenchars ''_''"  # splits at spaces only: tokens have no other ASCII punctuation
        self._database.execute(f"CREATE VIRTUAL TABLE fts USING fts5(body, tokenize='{tokenizer}')")
        self.change(rows)
        self._database.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        self._database.commit()

    def open(self) -> None:
        self._database.execute("SELECT count(*) FROM fts_config").fetchone()

    def top(self, query: Tokens, count: int, allowed: list[int] | None = None) -> ScoredRows:
        match = " OR ".join(f'"{token}"' for token in query)
        among = "" if allowed is None else "AND +rowid IN (SELECT value FROM json_each(?2))"
        cursor = self._database.execute(
            f"SELECT rowid, -rank FROM fts WHERE fts MATCH ?1 {among} ORDER BY rank LIMIT {count}",  # noqa: S608
            (match,) if allowed is None else (match, json.dumps(allowed)),
        )
        return cast("ScoredRows", cursor.fetchall())

    def change(self, added: Rows, removed: Iterable[int] = ()) -> None:
        bodies = ((row, " ".join(tokens)) for row, tokens in added)
        self._database.executemany("DELETE FROM fts WHERE rowid = ?", ((row,) for row in removed))
        self._database.executemany("INSERT INTO fts(rowid, body) VALUES (?, ?)", bodies)
        self._database.commit()


LIBRARIES: dict[str, Callable[[Path], Bm25Library]] = {"bm25s": Bm25s, "tantivy": Tantivy, "FTS5": Fts5}
