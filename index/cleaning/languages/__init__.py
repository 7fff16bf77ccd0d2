"""What the cleaning knows of single languages: phrases outside articles."""
