"""Metadata that the markup of a page declares: JSON-LD, meta elements, links, the headline, and times and bylines."""
