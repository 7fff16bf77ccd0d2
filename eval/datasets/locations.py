"""Where the checkout keeps what figures are measured on and written to."""

from pathlib import Path

EVAL = Path(__file__).resolve().parents[1]
"""The folder of the question files, the floors and the baselines."""
SEEDS = EVAL.parent / "seeds"
DOCS = EVAL.parent / "docs"
