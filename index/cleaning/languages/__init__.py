"""Language-specific data for cleaning: phrases outside articles."""
