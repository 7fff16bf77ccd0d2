"""The optional second opinion: a cross-encoder that reads the question with each of the first candidates.

It is slow and its weights come from elsewhere, so nothing heavy is imported until one is named. How many candidates fit
the time budget is measured once, when it is loaded, so that one process gives the same answer to the same question.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from wherefrom.index.arrays import Scores
from wherefrom.index.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

MOST = 30
LEAST = 3
TRIAL = ("why was it done?", "A paragraph of news is about sixty words long, and this one says nothing of worth. " * 4)


class Reranker(Protocol):
    """Scores how well texts answer a question; reads `depth` of them at most."""

    @property
    def depth(self) -> int:
        """How many candidates it has the time for."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """A score a text, higher is better; it depends on nothing but question and text."""


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder."""

    def __init__(self, model: "CrossEncoder", seconds: float) -> None:
        self._model = model
        self.depth = self._measured(seconds)

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """A score a text; the first column of a model that gives several."""
        if not texts:
            return np.empty(0, dtype=np.float64)
        pairs = [(question, text) for text in texts]
        found = self._model.predict(pairs, convert_to_numpy=True, show_progress_bar=False)
        scores: Scores = np.asarray(found, dtype=np.float64).reshape(len(texts), -1)[:, 0]
        return scores

    def _measured(self, seconds: float) -> int:
        """How many candidates fit, by the time that a batch of them takes."""
        question, text = TRIAL
        self.scores(question, [text])
        started = time.perf_counter()
        self.scores(question, [text] * LEAST)
        each = (time.perf_counter() - started) / LEAST
        return int(np.clip(seconds / each, LEAST, MOST))


def load_reranker(name: str, seconds: float) -> CrossEncoderReranker:
    """Load a CrossEncoder from a folder or by its hub name, for so many seconds a question. Raises ModelUnavailable."""
    from sentence_transformers import CrossEncoder  # noqa: PLC0415 - takes seconds and PyTorch, so only when named

    try:
        model = CrossEncoder(name, device="cpu", local_files_only=Path(name).is_dir())
    except Exception as error:
        raise ModelUnavailable(f"{name}: no cross-encoder that can be loaded: {error}") from error
    return CrossEncoderReranker(model, seconds)
