"""Indexing on the workers of a Ray cluster; needs the extra `wherefrom[ray]`."""
