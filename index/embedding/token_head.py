"""The token head: a small matrix and a vector that make a model's token vectors fit for late interaction. Pure.

The matrix keeps of a token what tells the right paragraph from its neighbours, in a sixth of the numbers; the vector
says how much each token of a question matters, so that "the" need not be met and "radar" must. `wherefrom.eval.training.fit_token_head`
trains both on outside questions for one model; for any other there is none: tokens are taken whole and all alike.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from wherefrom.index.arrays import Matrix, unit
from wherefrom.index.embedding.protocol import ModelIdentity

TOKEN_HEAD_FILE = Path(__file__).with_name("token_head.npz")
IMPORTANCE_SCALE = 5.0
"""Brings the weights of `importance` to the size of the others while they are trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHead:
    """`projection` of shape (model's dimension, kept), `importance` of shape (model's dimension,); float32."""

    projection: Matrix
    importance: Matrix
    bias: float
    sha256: str

    def project(self, tokens: Matrix) -> Matrix:
        """Token vectors as they are kept and compared: rows of length 1."""
        return unit(tokens @ self.projection)

    def weigh(self, tokens: Matrix) -> Matrix:
        """How much each token of a question matters, from the model's own vectors; the weights sum to 1."""
        raw = np.log1p(np.exp(IMPORTANCE_SCALE * (tokens @ self.importance) + self.bias))
        weights: Matrix = (raw / raw.sum()).astype(np.float32) if len(raw) else raw.astype(np.float32)
        return weights


def token_head_for(model: ModelIdentity) -> TokenHead | None:
    """The head that was trained for a model; null where there is none."""
    return _shipped(TOKEN_HEAD_FILE).get(model.sha256)


def model_files_with_head(model: ModelIdentity) -> Mapping[str, str]:
    """The hash of every file that a model's vectors and tokens depend on."""
    head = token_head_for(model)
    return dict(model.files) if head is None else {**model.files, TOKEN_HEAD_FILE.name: head.sha256}


def project(tokens: Matrix, model: ModelIdentity) -> Matrix:
    """Tokens as the index keeps them for this model."""
    head = token_head_for(model)
    return tokens if head is None else head.project(tokens)


def weigh(tokens: Matrix, model: ModelIdentity) -> Matrix:
    """How much each token of a question matters; all alike where there is no head."""
    head = token_head_for(model)
    return np.full(len(tokens), 1 / max(len(tokens), 1), dtype=np.float32) if head is None else head.weigh(tokens)


@cache
def _shipped(path: Path) -> Mapping[str, TokenHead]:
    with np.load(path, allow_pickle=False) as stored:
        head = TokenHead(
            projection=stored["projection"].astype(np.float32),
            importance=stored["importance"].astype(np.float32),
            bias=float(stored["bias"]),
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        return {str(stored["model_sha256"]): head}
