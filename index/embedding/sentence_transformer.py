"""The reference embedder: sentence-transformers on PyTorch. It supports any model; loading takes seconds."""

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
"""Maximum number of tokens of a text for a model that states no limit."""


class SentenceTransformerEmbedder:
    """An embedder that runs a sentence-transformers model on the CPU."""

    def __init__(self, model: "SentenceTransformer", identity: ModelIdentity) -> None:
        self.model = model
        self.identity = identity
        self.tokenizer = TextTokenizer(
            model.tokenizer.backend_tokenizer.to_str(), model.max_seq_length or DEFAULT_MAX_TOKENS
        )

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one unit vector per text, float32, shape (len(texts), dimension); long texts are truncated."""
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
        """Embed each text after its context; see `Embedder.embed_in_context`."""
        if not texts:
            return []
        with_context = list(self.tokenizer.add_context(texts, contexts))
        inputs = [each.text for each in with_context]
        outputs: Any = self.model.encode(inputs, batch_size=BATCH_SIZE, output_value=None, show_progress_bar=False)
        return [
            TextEmbedding(
                vector=unit(output["sentence_embedding"].numpy()),
                tokens=unit(output["token_embeddings"].numpy()[text_token_positions(encoding, each.start)]),
            )
            for each, encoding, output in zip(with_context, self.tokenizer.encode(inputs), outputs, strict=True)
        ]


def load_sentence_transformer(name: str, folder: Path, files: Mapping[str, str]) -> SentenceTransformerEmbedder:
    """Load the model in a folder; `files` has the SHA-256 of its files. Raises ModelUnavailable."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning made a question 4 times slower on a shared machine
    try:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, so only when needed
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415
    except ImportError as error:
        raise ModelUnavailable(f"{name}: {NOT_INSTALLED}") from error

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:
        raise ModelUnavailable(f"{name}: {folder} holds no model that can be loaded: {error}") from error
    dimension = model.get_embedding_dimension()
    if not dimension:
        raise ModelUnavailable(f"{name}: the model does not state the dimension of its vectors")
    identity = ModelIdentity(name=Path(name).name, sha256=weights_sha256(files), dimension=dimension, files=files)
    return SentenceTransformerEmbedder(model, identity)
