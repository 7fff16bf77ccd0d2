"""Which stretches of a source are the article."""
