"""Articles as scrapers write them, as records with named fields: JSON, JSON Lines and tables."""
