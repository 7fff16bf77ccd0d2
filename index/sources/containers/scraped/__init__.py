"""Articles from scrapers, as records with named fields: JSON, JSON Lines and tables."""
