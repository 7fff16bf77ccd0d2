"""The reference: any model as sentence-transformers runs it, on PyTorch. It loads every model and takes seconds to."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wherefrom.index.arrays import Matrix, unit
from wherefrom.index.embedding.model_files import weights_sha256
from wherefrom.index.embedding.protocol import ModelIdentity, TextEmbedding
from wherefrom.index.embedding.tokenization import TextTokenizer, text_token_positions
from wherefrom.index.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

NOT_INSTALLED = "sentence-transformers is not installed"
BATCH_SIZE = 32
DEFAULT_MAX_TOKENS = 512
"""Tokens read of a text by a model that states no limit of its own."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model in a local folder, on the CPU."""

    def __init__(self, model: "SentenceTransformer", identity: ModelIdentity) -> None:
        self.model = model
        self.identity = identity
        self.tokenizer = TextTokenizer(
            model.tokenizer.backend_tokenizer.to_str(), model.max_seq_length or DEFAULT_MAX_TOKENS
        )

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 a text; texts longer than the model reads are cut by the model."""
        if not texts:
            return np.zeros((0, self.identity.dimension), dtype=np.float32)
        rows = self.model.encode(
            list(texts),
            batch_size=BATCH_SIZE,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(rows, dtype=np.float32)

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Read each text after as much of its context as leaves room for the text."""
        if not texts:
            return []
        joined = list(self.tokenizer.add_context(texts, contexts))
        inputs = [each.text for each in joined]
        outputs: Any = self.model.encode(inputs, batch_size=BATCH_SIZE, output_value=None, show_progress_bar=False)
        return [
            TextEmbedding(
                vector=unit(output["sentence_embedding"].numpy()),
                tokens=unit(output["token_embeddings"].numpy()[text_token_positions(encoding, each.start)]),
            )
            for each, encoding, output in zip(joined, self.tokenizer.encode(inputs), outputs, strict=True)
        ]


def load_sentence_transformer(name: str, folder: Path, files: Mapping[str, str]) -> SentenceTransformerEmbedder:
    """Load a model's folder, whose files have these hashes. Raises ModelUnavailable."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # on a shared machine spinning made a question 4 times slower
    try:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, so only when needed
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415
    except ImportError as error:
        raise ModelUnavailable(f"{name}: {NOT_INSTALLED}") from error

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        loaded = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:
        raise ModelUnavailable(f"{name}: {folder} holds no model that can be loaded: {error}") from error
    dimension = loaded.get_embedding_dimension()
    if not dimension:
        raise ModelUnavailable(f"{name}: the model does not state the dimension of its vectors")
    identity = ModelIdentity(name=Path(name).name, sha256=weights_sha256(files), dimension=dimension, files=files)
    return SentenceTransformerEmbedder(loaded, identity)
