"""Builds a cited Answer from a ranking."""
