"""The SQLite catalog: schema, rows, writer, backup, write lock."""
