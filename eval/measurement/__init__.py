"""Runs the library on a dataset and scores what it returns."""
