"""Limits of the reader's input."""

MAX_QUESTION_TOKENS = 48
MAX_PASSAGE_TOKENS = 160
"""Longer questions and passages are cut: the reader was trained on these lengths, special tokens included."""
