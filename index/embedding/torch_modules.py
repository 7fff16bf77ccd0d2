"""Sentence-transformers models as modules of tensors, which OpenVINO traces into a graph: in PyTorch."""

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel
from transformers.models.bert.modeling_bert import BertLayer


class PaddedModel(nn.Module):
    """Any model, whole, from the tensors of its tokenizer in this order to token and text vectors."""

    def __init__(self, model: SentenceTransformer, inputs: Sequence[str]) -> None:
        super().__init__()
        self.model = model
        self.inputs = inputs

    def forward(self, *tensors: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors of shape (texts, tokens, dimension) and (texts, dimension)."""
        features = self.model(dict(zip(self.inputs, tensors, strict=True)))
        return features["token_embeddings"], features["sentence_embedding"]


class PackedBert(nn.Module):
    """A BERT encoder that reads texts one behind another, and the modules of a model behind it (Devlin et al. 2019).

    Everything but attention is done a token at a time, so nothing is computed for padding. Queries, keys and values
    are one product of matrices, and what is added or multiplied alike to every token is in the weights already.
    """

    @staticmethod
    def can_stand_for(model: SentenceTransformer) -> bool:
        """Whether the model's first module is a BERT encoder."""
        return isinstance(getattr(model[0], "auto_model", None), BertModel)

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        bert: Any = model[0].auto_model
        self.words: nn.Module = bert.embeddings.word_embeddings
        self.places = nn.Parameter(
            bert.embeddings.position_embeddings.weight + bert.embeddings.token_type_embeddings.weight[0]
        )
        self.norm: nn.Module = bert.embeddings.LayerNorm
        self.layers = nn.ModuleList(PackedLayer(layer) for layer in bert.encoder.layer)
        self.behind = nn.ModuleList(list(model)[1:])

    def forward(
        self, input_ids: Tensor, places: Tensor, slots: Tensor, filled: Tensor, back: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Vectors of shape (tokens, dimension) and (texts, dimension) of what `wherefrom.index.embedding.batch_layouts.PackedLayout` lays out."""
        mask = torch.where(filled.bool(), 0.0, torch.finfo(torch.float32).min)[:, None, None, :]
        tokens = self.norm(self.words(input_ids) + functional.embedding(places, self.places))
        for layer in self.layers:
            tokens = layer(tokens, slots, mask, back)
        features: Any = {"token_embeddings": tokens[slots], "attention_mask": filled}
        for module in self.behind:
            features = module(features)
        return tokens, features["sentence_embedding"]


class PackedLayer(nn.Module):
    """One layer of it."""

    def __init__(self, layer: BertLayer) -> None:
        super().__init__()
        asks: Any = layer.attention.self
        self.layer: Any = layer
        self.heads: int = asks.num_attention_heads
        self.size: int = asks.all_head_size
        scale = asks.attention_head_size**-0.5
        parts = (asks.query, asks.key, asks.value)
        self.weight = nn.Parameter(torch.cat([asks.query.weight * scale, *(part.weight for part in parts[1:])]))
        self.bias = nn.Parameter(torch.cat([asks.query.bias * scale, *(part.bias for part in parts[1:])]))

    def forward(self, tokens: Tensor, slots: Tensor, mask: Tensor, back: Tensor) -> Tensor:
        """Vectors of shape (tokens, dimension) from those of the layer before."""
        met = self._attend(functional.linear(tokens, self.weight, self.bias)[slots], mask)[back]
        attention, output = self.layer.attention.output, self.layer.output
        tokens = attention.LayerNorm(attention.dense(met) + tokens)
        return output.LayerNorm(output.dense(self.layer.intermediate(tokens)) + tokens)  # type: ignore[no-any-return]

    def _attend(self, each: Tensor, mask: Tensor) -> Tensor:
        """Rows of all slots, from their queries, keys and values beside one another."""
        texts, width, _ = each.shape
        asked, keys, values = each.view(texts, width, 3 * self.heads, -1).permute(0, 2, 1, 3).chunk(3, dim=1)
        met = functional.scaled_dot_product_attention(asked, keys, values, attn_mask=mask, scale=1.0)
        return met.transpose(1, 2).reshape(-1, self.size)
