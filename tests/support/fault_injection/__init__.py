"""Faults under load: two services on one PostgreSQL and one Milvus, of which parts are killed at random."""
