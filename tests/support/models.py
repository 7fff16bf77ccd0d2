"""A small sentence-transformers model with random weights."""

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizer

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]


def tiny_model(folder: Path, *, prompt: str | None = None) -> Path:
    """Save a BERT model with CLS pooling and a dense module in a folder; return the folder.

    With a `prompt`, the model prepends it to every text.
    """
    torch.manual_seed(7)
    bert = folder.with_name("bert")
    bert.mkdir()
    (bert / "vocab.txt").write_text("\n".join(VOCABULARY))
    BertTokenizer(str(bert / "vocab.txt")).save_pretrained(bert)
    config = BertConfig(
        vocab_size=len(VOCABULARY), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    BertModel(config).save_pretrained(bert)
    modules = [Transformer(str(bert), max_seq_length=50), Pooling(32, pooling_mode="cls"), Dense(32, 32)]
    model = SentenceTransformer(modules=modules, device="cpu", prompts={"query": prompt} if prompt else None)
    model.default_prompt_name = "query" if prompt else None
    model.save(str(folder))
    return folder
