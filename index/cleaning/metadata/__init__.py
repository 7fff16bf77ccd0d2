"""Title, publisher, agency, authors, publication date and URL of a source."""
