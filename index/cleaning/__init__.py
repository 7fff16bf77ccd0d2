"""Extracts a Document from decoded text: body, metadata, paragraphs."""

CLEANER_VERSION = "14"
"""Version stored with an index; it changes whenever extraction may give another Document for the same bytes."""
