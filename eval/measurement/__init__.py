"""Run the library on a dataset, and score the results."""
