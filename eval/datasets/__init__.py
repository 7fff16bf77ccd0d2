"""Questions, corpora and collections to measure on."""
