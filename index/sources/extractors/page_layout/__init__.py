"""Converts the characters on a page to paragraphs in reading order, by geometry alone."""
