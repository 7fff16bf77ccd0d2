"""Searches over one snapshot of the segments."""
