"""Measure the quality and the speed of retrieval, answers, citations and cleaning."""
