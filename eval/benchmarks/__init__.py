"""Speed, beside what else one would use."""
