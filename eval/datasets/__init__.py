"""The questions, corpora and collections that measurements run on."""
