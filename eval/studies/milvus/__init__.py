"""The cluster engine on a Milvus server without sparse vectors, compared with exhaustive searches in Python."""
