"""The reader on PyTorch, with transformers' own layers: the reference that an export is verified against."""

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor

from wherefrom.index.reading.limits import MAX_PASSAGE_TOKENS, MAX_QUESTION_TOKENS
from wherefrom.index.reading.protocol import Reading
from wherefrom.index.reading.spans import reading_of
from wherefrom.index.reading.torch_modules import ReaderHeads, joined_layers, load_heads
from wherefrom.index.reading.weights import ReaderWeights


class TorchReader:
    """Reads one pair at a time."""

    def __init__(self, model: SentenceTransformer, weights: ReaderWeights) -> None:
        bert: Any = model[0].auto_model
        self._bert = bert
        self._tokenizer = model.tokenizer
        self._separate = bert.encoder.layer[: weights.separate_layers]
        self._joined = joined_layers(bert, weights)
        self._segment = torch.from_numpy(weights.heads["segment"])
        self._heads: ReaderHeads = load_heads(weights)

    @torch.no_grad()
    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        """Return one reading per passage; see `Reader.read`."""
        question_states, _ = self._states(question, MAX_QUESTION_TOKENS)
        return [self._read(question_states, passage) for passage in passages]

    def _read(self, question: Tensor, passage: str) -> Reading:
        states, offsets = self._states(passage, MAX_PASSAGE_TOKENS)
        tokens = torch.cat([question, states[:, 1:] + self._segment], dim=1)
        in_passage = torch.zeros(1, tokens.shape[1])
        in_passage[:, question.shape[1] :] = 1
        for layer in self._joined:
            tokens = _first(layer(tokens))
        scores, token_scores = self._heads(tokens, in_passage, torch.ones_like(in_passage))
        return reading_of(scores[0].numpy(), token_scores[0].numpy(), question.shape[1], offsets[1:])

    def _states(self, text: str, max_tokens: int) -> tuple[Tensor, list[tuple[int, int]]]:
        encoded = self._tokenizer(
            text, truncation=True, max_length=max_tokens, return_tensors="pt", return_offsets_mapping=True
        )
        offsets = [(int(start), int(end)) for start, end in encoded["offset_mapping"][0]]
        tokens: Tensor = self._bert.embeddings(encoded["input_ids"])
        for layer in self._separate:
            tokens = _first(layer(tokens))
        return tokens, offsets


def _first(output: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Return the tokens of a layer's output, which is a tuple in some versions of transformers."""
    return output[0] if isinstance(output, tuple) else output
