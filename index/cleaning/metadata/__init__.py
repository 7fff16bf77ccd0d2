"""Title, publisher, agency, authors and publication date of a source."""
