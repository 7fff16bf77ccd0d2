"""Extracts a Document from decoded text: body, metadata, paragraphs."""

CLEANER_VERSION = "11"
"""Stored with an index; it changes whenever the same bytes may give another Document."""
