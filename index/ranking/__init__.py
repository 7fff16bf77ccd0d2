"""Ranks the candidates of a question."""
