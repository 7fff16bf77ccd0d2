"""PyTorch modules of the reader, for training and for OpenVINO to trace: tensors in, tensors out."""

from copy import deepcopy
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from wherefrom.index.embedding.torch_modules import PackedBert, attention_mask
from wherefrom.index.reading.weights import ReaderWeights


class ReaderHeads(nn.Module):
    """The reader's heads: scores of each pair and of each of its tokens.

    The scores of a pair are computed from its first token, from the means of the question's and the passage's tokens,
    as in InferSent (Conneau et al. 2017), and from the cosine of these means.
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.dense = nn.Linear(3 * dimension, dimension)
        self.pair = nn.Linear(dimension, 2)
        self.token = nn.Linear(dimension, 2)
        self.cosine = nn.Parameter(torch.tensor([8.0, 4.0]))
        self.dropout = nn.Dropout(0.1)

    def forward(self, tokens: Tensor, in_passage: Tensor, filled: Tensor) -> tuple[Tensor, Tensor]:
        """Return relevance and answer log-odds, shape (pairs, 2), and start and end scores, shape (pairs, width, 2).

        `tokens` has shape (pairs, width, dimension). `in_passage` and `filled`, shape (pairs, width), are 1 for tokens
        of the passage, and for all tokens that are not padding.
        """
        question = _mean(tokens, filled - in_passage)
        passage = _mean(tokens, in_passage)
        cosine = (functional.normalize(question, dim=1) * functional.normalize(passage, dim=1)).sum(1, keepdim=True)
        features = torch.cat([tokens[:, 0], question * passage, (question - passage).abs()], dim=1)
        hidden = self.dropout(torch.tanh(self.dense(self.dropout(features))))
        return self.pair(hidden) + cosine * self.cosine, self.token(self.dropout(tokens))


def _mean(tokens: Tensor, chosen: Tensor) -> Tensor:
    """Return the mean of the chosen tokens of each pair, shape (pairs, dimension)."""
    return (tokens * chosen[..., None]).sum(1) / chosen.sum(1, keepdim=True)


class PackedReader(nn.Module):
    """The reader on concatenated pairs; the inputs are those of `pair_layout.pair_inputs`."""

    def __init__(self, model: SentenceTransformer, weights: ReaderWeights) -> None:
        super().__init__()
        self.bert = PackedBert(trained_model(model, weights))
        self.segment = nn.Parameter(torch.from_numpy(weights.heads["segment"]))
        self.heads = load_heads(weights)

    def forward(
        self, input_ids: Tensor, places: Tensor, in_passage: Tensor, slots: Tensor, filled: Tensor, back: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the scores of pairs, shape (pairs, 2), and of tokens, shape (tokens, 2)."""
        mask = attention_mask(filled)
        passage = in_passage.to(self.segment.dtype)
        tokens = self.bert.embed(input_ids, places) + passage[:, None] * self.segment
        for layer in self.bert.layers:
            tokens = layer(tokens, slots, mask, back)
        present = filled.to(tokens.dtype)
        pairs, scores = self.heads(tokens[slots], passage[slots] * present, present)
        return pairs, scores.reshape(-1, 2)[back]


def trained_model(model: SentenceTransformer, weights: ReaderWeights) -> SentenceTransformer:
    """Return a copy of a model with the trained changes added to its layers."""
    trained = deepcopy(model).eval()
    bert: Any = trained[0].auto_model
    encoder: BertModel = bert
    with torch.no_grad():
        for name, parameter in encoder.encoder.layer.named_parameters():
            parameter.add_(torch.from_numpy(weights.changes[name]))
    return trained


def load_heads(weights: ReaderWeights) -> ReaderHeads:
    """Return the trained heads."""
    heads = ReaderHeads(len(weights.heads["segment"]))
    heads.load_state_dict({name: torch.from_numpy(weights.heads[name]) for name in heads.state_dict()})
    return heads.eval()


def first_output(output: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Return the tokens of a layer's output, which is a tuple in some versions of transformers."""
    return output[0] if isinstance(output, tuple) else output
