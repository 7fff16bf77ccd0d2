"""The reader of `index.reading`: its training examples, its training, and a larger reader that it learns from."""
