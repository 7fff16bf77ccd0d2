"""Measures retrieval, answers, cleaning and speed."""
