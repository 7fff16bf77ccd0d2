"""PyTorch modules that wrap a sentence-transformers model, for OpenVINO to trace: tensors in, tensors out."""

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel
from transformers.models.bert.modeling_bert import BertLayer


class PaddedModel(nn.Module):
    """A complete model of any architecture; its inputs are the tokenizer's tensors, in the order of `inputs`."""

    def __init__(self, model: SentenceTransformer, inputs: Sequence[str]) -> None:
        super().__init__()
        self.model = model
        self.inputs = inputs

    def forward(self, *tensors: Tensor) -> tuple[Tensor, Tensor]:
        """Return token vectors of shape (texts, tokens, dimension) and text vectors of shape (texts, dimension)."""
        features = self.model(dict(zip(self.inputs, tensors, strict=True)))
        return features["token_embeddings"], features["sentence_embedding"]


class PackedBert(nn.Module):
    """A BERT encoder (Devlin et al. 2019) on concatenated texts, followed by the model's other modules.

    All operations except attention work on one token at a time, so nothing is computed for padding. Queries, keys and
    values come from a single matrix product. The token type embedding and the scale of the attention scores, which are
    the same for every token, are folded into the weights.
    """

    @staticmethod
    def supports(model: SentenceTransformer) -> bool:
        """Return whether the model's first module is a BERT encoder."""
        return isinstance(getattr(model[0], "auto_model", None), BertModel)

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        bert: Any = model[0].auto_model
        self.word_embeddings: nn.Module = bert.embeddings.word_embeddings
        self.position_embeddings = nn.Parameter(
            bert.embeddings.position_embeddings.weight + bert.embeddings.token_type_embeddings.weight[0]
        )
        self.norm: nn.Module = bert.embeddings.LayerNorm
        self.layers = nn.ModuleList(PackedLayer(layer) for layer in bert.encoder.layer)
        self.following_modules = nn.ModuleList(list(model)[1:])

    def forward(
        self, input_ids: Tensor, places: Tensor, slots: Tensor, filled: Tensor, back: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return token vectors of shape (tokens, dimension) and text vectors of shape (texts, dimension).

        The inputs are those of `wherefrom.index.embedding.batch_layouts.PackedLayout`.
        """
        mask = attention_mask(filled)
        tokens = self.embed(input_ids, places)
        for layer in self.layers:
            tokens = layer(tokens, slots, mask, back)
        features: Any = {"token_embeddings": tokens[slots], "attention_mask": filled}
        for module in self.following_modules:
            features = module(features)
        return tokens, features["sentence_embedding"]

    def embed(self, input_ids: Tensor, places: Tensor) -> Tensor:
        """Return the input of the first layer, shape (tokens, dimension)."""
        embedded = self.word_embeddings(input_ids) + functional.embedding(places, self.position_embeddings)
        return self.norm(embedded)  # type: ignore[no-any-return]


def attention_mask(filled: Tensor) -> Tensor:
    """Return the additive attention mask of slots: 0 where `filled` is 1, the lowest float32 where it is 0."""
    return torch.where(filled.bool(), 0.0, torch.finfo(torch.float32).min)[:, None, None, :]


class PackedLayer(nn.Module):
    """One layer of PackedBert."""

    def __init__(self, layer: BertLayer) -> None:
        super().__init__()
        attention: Any = layer.attention.self
        self.layer: Any = layer
        self.heads: int = attention.num_attention_heads
        self.size: int = attention.all_head_size
        scale = attention.attention_head_size**-0.5
        query, key, value = attention.query, attention.key, attention.value
        self.weight = nn.Parameter(torch.cat([query.weight * scale, key.weight, value.weight]))
        self.bias = nn.Parameter(torch.cat([query.bias * scale, key.bias, value.bias]))

    def forward(self, tokens: Tensor, slots: Tensor, mask: Tensor, back: Tensor) -> Tensor:
        """Return token vectors of shape (tokens, dimension) from those of the preceding layer."""
        projected = functional.linear(tokens, self.weight, self.bias)
        attended = self._attend(projected[slots], mask)[back]
        attention, output = self.layer.attention.output, self.layer.output
        tokens = attention.LayerNorm(attention.dense(attended) + tokens)
        return output.LayerNorm(output.dense(self.layer.intermediate(tokens)) + tokens)  # type: ignore[no-any-return]

    def _attend(self, projected: Tensor, mask: Tensor) -> Tensor:
        """Return the attention output of all slots, shape (texts * width, size).

        `projected` has shape (texts, width, 3 * size): the queries, keys and values of each slot side by side.
        """
        texts, width, _ = projected.shape
        queries, keys, values = projected.view(texts, width, 3 * self.heads, -1).permute(0, 2, 1, 3).chunk(3, dim=1)
        attended = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=mask, scale=1.0)
        return attended.transpose(1, 2).reshape(-1, self.size)
