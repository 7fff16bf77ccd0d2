"""The documents in PostgreSQL: connections, migrations, documents as versions, and the statistics that BM25 needs."""
