"""The documents in PostgreSQL: connections, migrations, what is stored, and the statistics that BM25 needs."""
