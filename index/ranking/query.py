"""A question as the searches take it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.token_head import project, token_head_for, weigh
from wherefrom.index.engine import Term
from wherefrom.index.ranking.question_syntax import ParsedQuestion
from wherefrom.index.scoring.fusion import SecondStageWeights
from wherefrom.index.scoring.late_interaction import QueryTokens
from wherefrom.index.text.language_terms import question_terms, terms_in
from wherefrom.index.text.spellings import compatible


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question: its text, vector of shape (dimension,), weighted tokens, terms, and the second stage's weights.

    `question` has the operators, which are no part of the text.
    """

    text: str
    question: ParsedQuestion
    vector: Matrix
    tokens: QueryTokens
    terms: Sequence[Term]
    weights: SecondStageWeights

    def in_languages(self, languages: tuple[str, ...]) -> "Query":
        """Return the query for a collection with terms in these languages besides English."""
        return replace(self, terms=question_terms(self.text, languages)) if languages else self


def encode(question: str, embedder: Embedder) -> Query:
    """Encode one text, without operators, for all searches."""
    return encode_batch([question], embedder)[0]


def encode_batch(questions: Sequence[str], embedder: Embedder) -> list[Query]:
    """Encode texts without operators together, which takes less time; each has the same bits as from `encode`."""
    return encode_parsed([ParsedQuestion(text=question) for question in questions], embedder)


def encode_parsed(questions: Sequence[ParsedQuestion], embedder: Embedder) -> list[Query]:
    """Encode questions together, without their operators."""
    model = embedder.identity
    texts = [compatible(question.text) for question in questions]
    return [
        Query(
            text=question.text,
            question=question,
            vector=embedding.vector,
            tokens=QueryTokens(tokens=project(embedding.tokens, model), weights=weigh(embedding.tokens, model)),
            terms=terms_in(None, question.text),
            weights=SecondStageWeights.load("plain" if token_head_for(model) is None else "head"),
        )
        for question, embedding in zip(questions, embedder.embed_in_context(texts, [""] * len(texts)), strict=True)
    ]
