"""PyTorch modules of the reader, for training and for OpenVINO to trace: tensors in, tensors out.

Questions and passages are embedded apart, and pass as many lower layers apart as the weights say; what comes out is
kept for other questions. The other layers read both in one input.
"""

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel
from transformers.models.bert.modeling_bert import BertLayer

from wherefrom.index.embedding.torch_modules import PackedBert, PackedLayer, attention_mask
from wherefrom.index.reading.weights import ReaderWeights


class SeparateLayers(nn.Module):
    """The embeddings and the first layers of a BERT encoder, on concatenated texts.

    The inputs are those of `wherefrom.index.embedding.batch_layouts.PackedLayout`; the output has shape
    (tokens, dimension).
    """

    def __init__(self, bert: PackedBert, count: int) -> None:
        super().__init__()
        self.bert = bert
        self.count = count

    def forward(self, input_ids: Tensor, places: Tensor, slots: Tensor, filled: Tensor, back: Tensor) -> Tensor:
        """Return the state of each token after the lower layers."""
        mask = attention_mask(filled)
        tokens = self.bert.embed(input_ids, places)
        for layer in self.bert.layers[: self.count]:
            tokens = layer(tokens, slots, mask, back)
        return tokens


class ReaderHeads(nn.Module):
    """What the reader says of each pair, and of each token of it.

    The scores of a pair come from its first token and from the means of the question's and the passage's tokens, as in
    InferSent (Conneau et al. 2017), beside the cosine of these means.
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

        `tokens` has shape (pairs, width, dimension); `in_passage` and `filled`, shape (pairs, width), are 1 where a
        token is the passage's, and where there is one.
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


class JoinedLayers(nn.Module):
    """The upper layers of the reader on concatenated pairs; the inputs are those of `pair_layout.pair_inputs`."""

    def __init__(self, bert: BertModel, weights: ReaderWeights) -> None:
        super().__init__()
        self.layers = nn.ModuleList(PackedLayer(layer) for layer in joined_layers(bert, weights))
        self.segment = nn.Parameter(torch.from_numpy(weights.heads["segment"]))
        self.heads = load_heads(weights)

    def forward(
        self, states: Tensor, in_passage: Tensor, slots: Tensor, filled: Tensor, back: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the scores of pairs, shape (pairs, 2), and of tokens, shape (tokens, 2)."""
        mask = attention_mask(filled)
        tokens = states + in_passage[:, None] * self.segment
        for layer in self.layers:
            tokens = layer(tokens, slots, mask, back)
        present = filled.to(tokens.dtype)
        pairs, scores = self.heads(tokens[slots], in_passage[slots] * present, present)
        return pairs, scores.reshape(-1, 2)[back]


def joined_layers(bert: BertModel, weights: ReaderWeights) -> list[BertLayer]:
    """Return a copy of a model's upper layers with what training changed in them."""
    upper: Any = bert.encoder.layer[weights.separate_layers :]
    layers: list[BertLayer] = [deepcopy(layer).eval() for layer in upper]
    with torch.no_grad():
        for name, parameter in nn.ModuleList(layers).named_parameters():
            parameter.add_(torch.from_numpy(weights.changes[name]))
    return layers


def load_heads(weights: ReaderWeights) -> ReaderHeads:
    """Return the trained heads."""
    heads = ReaderHeads(len(weights.heads["segment"]))
    heads.load_state_dict({name: torch.from_numpy(weights.heads[name]) for name in heads.state_dict()})
    return heads.eval()
