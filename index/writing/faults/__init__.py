"""Faults of a written sentence, one kind a module: what it states otherwise than the passages that it cites."""
