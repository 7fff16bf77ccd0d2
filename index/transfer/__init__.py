"""Moving a collection: to Parquet files and back, and to another engine, without embedding anything again."""
