"""The tokens, questions and made-up paragraphs that BM25 libraries are compared on, the same for each."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN

from wherefrom.eval.benchmarks.bm25_libraries.protocol import Tokens

WORD = re.compile(r"\w+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
STEM = Stemmer.Stemmer("english").stemWords


def tokens_of(text: str) -> Tokens:
    """Snowball stems of the words that are no stop words."""
    return cast("Tokens", STEM([word for word in WORD.findall(text.lower()) if word not in STOPWORDS_EN]))


def read(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def questions(bench: Path, name: str) -> dict[str, Tokens]:
    """The tokens of a collection's answerable questions, by id."""
    asked = read(bench / name / "queries.jsonl")
    return {item["id"]: tokens_of(item["text"]) for item in asked if item.get("answerable", True)}


def sample(bench: Path) -> list[Tokens]:
    """151 questions and claims to time with."""
    squad, scifact = (list(questions(bench, name).values()) for name in ("squad2", "scifact"))
    return squad[::29] + scifact[::6]


def made_up(bench: Path, count: int) -> Iterator[tuple[int, Tokens]]:
    """Numbered paragraphs, the same at every call."""
    texts = [item["text"] for name in ("scifact", "squad2") for item in read(bench / name / "corpus.jsonl")]
    sentences = [tokens_of(sentence) for text in texts for sentence in SENTENCE_END.split(text)]
    generator = np.random.default_rng(0)
    for row in range(count):
        drawn = generator.integers(len(sentences), size=5).tolist()
        yield row, [*(token for place in drawn for token in sentences[place]), f"word{row}"]
