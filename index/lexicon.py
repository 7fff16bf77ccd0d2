"""Lexical search: BM25 by the library bm25s over the terms of each row, and how rare a term is."""

import math
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
import numpy.typing as npt

K1 = 0.9
B = 0.4


class Lexicon:
    """BM25 over rows, in the order in which the texts were given. Never changed once built."""

    def __init__(self, model: bm25s.BM25 | None, rows: int) -> None:
        self._model = model  # none where no row has a term: bm25s cannot index that
        self._rows = rows

    @classmethod
    def build(cls, tokens: Sequence[Sequence[str]]) -> Self:
        """Index one row a list of terms."""
        if not any(tokens):
            return cls(None, len(tokens))
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        model.index([list(row) for row in tokens], show_progress=False)
        return cls(model, len(tokens))

    @classmethod
    def load(cls, folder: Path, rows: int) -> Self:
        """Read what `save` wrote for that many rows."""
        return cls(bm25s.BM25.load(str(folder)) if folder.exists() else None, rows)

    def save(self, folder: Path) -> None:
        """Write the index to a folder; nothing is written where no row has a term."""
        if self._model is not None:
            self._model.save(str(folder), show_progress=False)

    def scores(self, query: Sequence[str]) -> npt.NDArray[np.float32]:
        """The BM25 score of every row for a question's terms; 0 where none of them occurs."""
        if self._model is None or not query:
            return np.zeros(self._rows, dtype=np.float32)
        scores: npt.NDArray[np.float32] = self._model.get_scores(list(query))
        return scores

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term over the rows, as BM25 weighs it; most for one that never occurs."""
        occurs_in = 0
        if self._model is not None and (column := self._model.vocab_dict.get(term)) is not None:
            start, end = self._model.scores["indptr"][column : column + 2]
            occurs_in = int(end - start)
        return math.log(1 + (self._rows - occurs_in + 0.5) / (occurs_in + 0.5))

    def weigh(self, query: Collection[str]) -> dict[str, float]:
        """The share of each distinct term in the question's whole rarity; the shares sum to 1."""
        rarities = {term: self.rarity(term) for term in sorted(set(query))}
        whole = sum(rarities.values())
        return {term: rarity / whole for term, rarity in rarities.items()}
