"""Splitting of a source into blocks, and selection of the blocks that are the body of the article."""
