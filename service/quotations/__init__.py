"""Quotations as files: Markdown, Word and CSV."""
