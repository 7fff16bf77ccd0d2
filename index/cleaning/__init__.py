"""Extracts a Document from decoded text: body, metadata, paragraphs."""
