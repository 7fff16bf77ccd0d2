"""The paths of the checkout and its parts."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
PAGE = ROOT / "service" / "page"
EVAL = ROOT / "eval"
SUPPORT = ROOT / "tests" / "support"
