"""Texts with several articles: exports of press archives, and sequences of stories."""
