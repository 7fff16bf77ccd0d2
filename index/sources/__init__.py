"""Reads and decodes sources to text with offsets: formats, encodings, HTML."""
