"""Metrics of rankings, confidences, citations and extracted texts."""
