"""API keys, local origin, rate limits."""
