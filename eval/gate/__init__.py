"""The quality gate: floors of the figures, and regressions against the pinned run."""
