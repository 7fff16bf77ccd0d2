"""Whether the vectors of a document can come from fewer passes through the model; see `__main__`."""
