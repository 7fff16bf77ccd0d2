"""Ranked passages to a cited Answer."""
