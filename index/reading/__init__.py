"""The reader: a cross-encoder that reads a question and a passage together."""
