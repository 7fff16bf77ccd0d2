"""Text to terms for lexical search."""
