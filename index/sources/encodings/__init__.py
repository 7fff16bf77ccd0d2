"""Decodes bytes to text: declared encodings, Unicode, and legacy encodings detected by language."""
