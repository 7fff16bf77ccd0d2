"""Blocks of a source, and which of them are the article's body."""
