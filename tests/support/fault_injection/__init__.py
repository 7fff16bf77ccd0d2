"""Fault injection under load: two services on one PostgreSQL and one Milvus, parts of which are killed at random."""
