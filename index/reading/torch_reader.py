"""The reader on PyTorch, with transformers' own layers: the reference that an export is verified against."""

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

from wherefrom.index.reading.limits import MAX_PASSAGE_TOKENS, MAX_QUESTION_TOKENS
from wherefrom.index.reading.protocol import Reading
from wherefrom.index.reading.spans import reading_of
from wherefrom.index.reading.torch_modules import first_output, load_heads, trained_model
from wherefrom.index.reading.weights import ReaderWeights


class TorchReader:
    """Reads one pair at a time."""

    def __init__(self, model: SentenceTransformer, weights: ReaderWeights) -> None:
        bert: Any = trained_model(model, weights)[0].auto_model
        self._bert = bert
        self._tokenizer = model.tokenizer
        self._segment = torch.from_numpy(weights.heads["segment"])
        self._heads = load_heads(weights)

    @torch.no_grad()
    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        """Return one reading per passage; see `Reader.read`."""
        ids, _ = self._encode(question, MAX_QUESTION_TOKENS)
        return [self._read(ids, passage) for passage in passages]

    def _read(self, question: list[int], passage: str) -> Reading:
        ids, offsets = self._encode(passage, MAX_PASSAGE_TOKENS)
        input_ids = torch.tensor([question + ids[1:]])
        in_passage = torch.ones_like(input_ids, dtype=torch.float32)
        in_passage[:, : len(question)] = 0
        tokens = self._bert.embeddings(input_ids) + in_passage[..., None] * self._segment
        for layer in self._bert.encoder.layer:
            tokens = first_output(layer(tokens))
        scores, token_scores = self._heads(tokens, in_passage, torch.ones_like(in_passage))
        return reading_of(scores[0].numpy(), token_scores[0].numpy(), len(question), offsets[1:])

    def _encode(self, text: str, max_tokens: int) -> tuple[list[int], list[tuple[int, int]]]:
        encoded = self._tokenizer(text, truncation=True, max_length=max_tokens, return_offsets_mapping=True)
        return encoded["input_ids"], encoded["offset_mapping"]
