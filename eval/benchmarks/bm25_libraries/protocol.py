"""What is asked of a BM25 library when some are compared."""

from collections.abc import Iterable
from typing import Protocol

Tokens = list[str]
Rows = Iterable[tuple[int, Tokens]]
Ranking = list[tuple[int, float]]


class Lexicon(Protocol):
    """BM25 over numbered rows of tokens, kept in a folder. Higher is better."""

    def build(self, rows: Rows) -> None:
        """Index the rows and save them."""

    def open(self) -> None:
        """Load what `build` saved."""

    def top(self, query: Tokens, count: int, allowed: list[int] | None = None) -> Ranking:
        """The best rows that hold a query token, among the `allowed` ones (ascending)."""

    def change(self, added: Rows, removed: Iterable[int] = ()) -> None:
        """Add and remove rows; the next `top` sees it."""
