"""Speed, recall and memory of the search, from a thousand paragraphs to a million."""
