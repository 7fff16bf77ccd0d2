"""Synchronizes an index with files: detects files that are gone, renamed or unchanged since they were indexed."""
