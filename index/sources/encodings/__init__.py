"""Bytes to text: declared encodings, Unicode, and legacy encodings weighed by language."""
