"""The token head: a learned projection and importance vector that adapt a model's token vectors to late interaction.

The projection preserves the differences between the right paragraph and its neighbours, in a sixth of the dimensions.
The importance vector weighs the tokens of a question, so that "radar" must be matched and "the" need not be.
`wherefrom.eval.training.fit_token_head` trains both on public questions for one model. For any other model there is no
head: token vectors are used whole, and all tokens have the same weight.
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
"""The file of the head that is part of the package."""
IMPORTANCE_SCALE = 5.0
"""Factor that brings the numbers of `importance` to the magnitude of the other parameters during training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHead:
    """The trained parameters, float32, and the SHA-256 of their file.

    `projection` has shape (model's dimension, projected dimension), `importance` shape (model's dimension,).
    """

    projection: Matrix
    importance: Matrix
    bias: float
    sha256: str

    def project(self, tokens: Matrix) -> Matrix:
        """Return the projected token vectors, unit vectors of shape (tokens, projected dimension)."""
        return unit(tokens @ self.projection)

    def weigh(self, tokens: Matrix) -> Matrix:
        """Return the weight of each token of a question, shape (tokens,), from unprojected vectors; they sum to 1."""
        raw = np.log1p(np.exp(IMPORTANCE_SCALE * (tokens @ self.importance) + self.bias))
        weights: Matrix = (raw / raw.sum()).astype(np.float32) if len(raw) else raw.astype(np.float32)
        return weights


def token_head_for(model: ModelIdentity) -> TokenHead | None:
    """Return the head that was trained for a model, or `None` if there is none."""
    return _load(TOKEN_HEAD_FILE).get(model.sha256)


def model_files_with_head(model: ModelIdentity) -> Mapping[str, str]:
    """Return by file name the SHA-256 of every file that a model's vectors and projected tokens depend on."""
    head = token_head_for(model)
    return dict(model.files) if head is None else {**model.files, TOKEN_HEAD_FILE.name: head.sha256}


def project(tokens: Matrix, model: ModelIdentity) -> Matrix:
    """Return a model's token vectors projected as the index stores them; unchanged if there is no head."""
    head = token_head_for(model)
    return tokens if head is None else head.project(tokens)


def weigh(tokens: Matrix, model: ModelIdentity) -> Matrix:
    """Return the weight of each token of a question, shape (tokens,); equal weights if there is no head."""
    head = token_head_for(model)
    return np.full(len(tokens), 1 / max(len(tokens), 1), dtype=np.float32) if head is None else head.weigh(tokens)


@cache
def _load(path: Path) -> Mapping[str, TokenHead]:
    """Return the head in a file, keyed by the SHA-256 of the weights of the model that it was trained for."""
    with np.load(path, allow_pickle=False) as stored:
        head = TokenHead(
            projection=stored["projection"].astype(np.float32),
            importance=stored["importance"].astype(np.float32),
            bias=float(stored["bias"]),
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        return {str(stored["model_sha256"]): head}
