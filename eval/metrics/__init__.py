"""Figures over rankings, confidences, citations and texts."""
