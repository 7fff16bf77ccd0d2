"""Extractors: convert files that are not text themselves, such as PDF and DOCX, to a text that citations refer to."""
