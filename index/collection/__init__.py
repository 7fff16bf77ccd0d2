"""Data types for listing and correcting the documents of a collection and for checking citations."""
