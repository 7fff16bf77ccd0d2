"""Faults of a written sentence, one kind a module: statements that differ from the cited passages."""
