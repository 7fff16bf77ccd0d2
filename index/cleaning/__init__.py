"""Decoded text to a Document: body, metadata, paragraphs."""
