"""Texts with several articles: exports of press archives, and stories one after the other."""
