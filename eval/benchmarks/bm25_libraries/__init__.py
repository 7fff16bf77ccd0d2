"""A comparison of BM25 libraries: bm25s, tantivy and SQLite FTS5."""
