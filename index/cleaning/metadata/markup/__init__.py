"""Metadata that a page's markup declares: JSON-LD, meta elements, links, the headline and what stands beside it."""
