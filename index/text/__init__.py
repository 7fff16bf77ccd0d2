"""Text analysis: terms for lexical search, languages, dates, names and spellings."""
