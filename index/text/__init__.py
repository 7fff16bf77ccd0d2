"""Text to terms: tokens and stems for lexical search."""
