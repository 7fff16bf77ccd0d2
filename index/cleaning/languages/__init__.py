"""What the cleaning knows of single languages: names of months and weekdays, and phrases outside articles."""
