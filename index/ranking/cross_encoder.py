"""Optional reranking of the first candidates by a cross-encoder, which reads question and paragraph together.

It is slow and its weights are not shipped, so PyTorch is imported only if a cross-encoder is configured. The number of
candidates that fit the time budget is measured once, at load, so that a process gives the same answer to the same
question.
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

MAX_DEPTH = 30
MIN_DEPTH = 3
TRIAL = ("why was it done?", "A paragraph of news is about sixty words long, and this one says nothing of worth. " * 4)


class Reranker(Protocol):
    """Scores how well texts answer a question."""

    @property
    def depth(self) -> int:
        """The number of candidates that fit the time budget."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Return one score per text, higher is better; it depends on the question and that text only."""


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder."""

    def __init__(self, model: "CrossEncoder", seconds: float) -> None:
        self._model = model
        self.depth = self._measured_depth(seconds)

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Return one score per text: the first column of a model with several."""
        if not texts:
            return np.empty(0, dtype=np.float64)
        pairs = [(question, text) for text in texts]
        predicted = self._model.predict(pairs, convert_to_numpy=True, show_progress_bar=False)
        scores: Scores = np.asarray(predicted, dtype=np.float64).reshape(len(texts), -1)[:, 0]
        return scores

    def _measured_depth(self, seconds: float) -> int:
        """Return the number of candidates that fit into a time, estimated from one small batch."""
        question, text = TRIAL
        self.scores(question, [text])
        started = time.perf_counter()
        self.scores(question, [text] * MIN_DEPTH)
        seconds_per_text = (time.perf_counter() - started) / MIN_DEPTH
        return int(np.clip(seconds / seconds_per_text, MIN_DEPTH, MAX_DEPTH))


def load_reranker(name: str, seconds: float) -> CrossEncoderReranker:
    """Load a CrossEncoder from a folder or by hub name, with a time budget per question. Raises ModelUnavailable."""
    from sentence_transformers import CrossEncoder  # noqa: PLC0415 - imports PyTorch, which takes seconds

    try:
        model = CrossEncoder(name, device="cpu", local_files_only=Path(name).is_dir())
    except Exception as error:
        raise ModelUnavailable(f"{name}: no cross-encoder that can be loaded: {error}") from error
    return CrossEncoderReranker(model, seconds)
