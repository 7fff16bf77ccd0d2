"""A comparison of BM25 libraries, by which bm25s was chosen."""
