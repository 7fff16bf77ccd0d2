"""Benchmarks of speed and memory, compared with the alternatives that a user has."""
