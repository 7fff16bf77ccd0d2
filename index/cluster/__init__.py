"""The cluster engine: PostgreSQL stores the documents, Milvus searches them; several services share both."""
