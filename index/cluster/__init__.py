"""The cluster engine: PostgreSQL holds what is known for certain, Milvus searches; many services share both."""
