"""Search structures: a base and delta segments, columns, FAISS, postings."""
