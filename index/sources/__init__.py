"""Bytes to decoded text with offsets: formats, encodings, HTML."""
