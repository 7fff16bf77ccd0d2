"""BM25 of this library beside other BM25 libraries."""
