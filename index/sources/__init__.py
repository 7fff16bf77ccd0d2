"""Decodes bytes to text with offsets: formats, encodings, HTML."""
