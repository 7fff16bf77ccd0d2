"""Speed and memory from thousands to a million paragraphs."""
