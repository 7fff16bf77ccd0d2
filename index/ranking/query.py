"""A question as the searches take it."""

from collections.abc import Sequence
from dataclasses import dataclass

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.token_head import project, token_head_for, weigh
from wherefrom.index.scoring.fusion import Weights
from wherefrom.index.scoring.late_interaction import Asked
from wherefrom.index.text.analyzer import terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as the searches take it: its text, its vector, its tokens weighed, and its terms."""

    text: str
    vector: Matrix
    asked: Asked
    terms: Sequence[str]
    weights: Weights


def encode(question: str, embedder: Embedder) -> Query:
    """Read a question once for all searches."""
    return encode_together([question], embedder)[0]


def encode_together(questions: Sequence[str], embedder: Embedder) -> list[Query]:
    """`encode` for each question, bit for bit; together they take less time than one after the other."""
    model = embedder.identity
    return [
        Query(
            text=question,
            vector=reading.vector,
            asked=Asked(tokens=project(reading.tokens, model), weights=weigh(reading.tokens, model)),
            terms=terms(question),
            weights=Weights.load("plain" if token_head_for(model) is None else "head"),
        )
        for question, reading in zip(
            questions, embedder.embed_in_context(questions, [""] * len(questions)), strict=True
        )
    ]
