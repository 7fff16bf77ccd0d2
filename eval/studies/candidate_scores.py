"""The separate scores of each candidate of a question, so that variants of the ranking can leave some out.

Candidates and scores are the library's own. Tokens are matched in four ways, of which the library uses `head`:

- `head`: through the token head, with the weights of the question's tokens
- `alike`: through the token head, all tokens of the question with the same weight
- `whole`: the model's own tokens with the same weight, as for a model without a token head
- `alone`: as `head`, but with paragraphs embedded without the one before them
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.measurement.caching_embedder import CachingEmbedder
from wherefrom.eval.studies.token_matching import CandidateTokens, TokenKind, TokenMatcher
from wherefrom.index.arrays import Matrix, Rows, Scores
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.token_head import project
from wherefrom.index.engine import CollectionState, Scope
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import Query, encode_batch
from wherefrom.index.scoring.late_interaction import QueryTokens, pack, unpack
from wherefrom.index.types import Filters

PassageRefs = Sequence[ParagraphRef]
"""A paragraph, followed by its exact copies."""
PackedTokens = Mapping[ParagraphRef, npt.NDArray[np.uint8]]
BATCH_SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateScores:
    """The candidates of one question in the order of their rows in the index, with their copies and scores.

    `preceding` is the BM25 score of the paragraph before (0 for a first paragraph); `lengths` are numbers of terms.
    """

    passages: Sequence[PassageRefs]
    dense: Scores
    sentence: Scores
    lexical: Scores
    preceding: Scores
    lengths: Rows
    tokens: TokenMatcher


def collect_scores(
    library: Library, embedder: Embedder, questions: Sequence[str], *, reembed: bool
) -> Iterator[CandidateScores]:
    """Yield the candidates of each question.

    `reembed` embeds every paragraph again for the token kinds `whole` and `alone`, which are missing otherwise.
    """
    caching = CachingEmbedder(embedder)
    reembedded = _reembed(library, embedder) if reembed else {}
    with library.searcher() as searcher:
        scope = searcher.state.scope(Filters())
        for start in range(0, len(questions), BATCH_SIZE):
            batch = questions[start : start + BATCH_SIZE]
            embeddings = caching.embed_in_context(batch, [""] * len(batch))
            for query, embedding in zip(encode_batch(batch, caching), embeddings, strict=True):
                yield _scores(searcher.state, scope, query, _query_tokens(query, embedding.tokens), reembedded)


def _scores(
    state: CollectionState,
    scope: Scope,
    query: Query,
    tokens: Mapping[TokenKind, QueryTokens],
    reembedded: Mapping[TokenKind, PackedTokens],
) -> CandidateScores:
    stage = scope.first_stage(query.vector, query.in_languages(state.languages).terms)
    candidates = stage.candidates
    passages = [_passage(state, scope, row) for row in candidates.rows.tolist()]
    first = np.array([own.paragraph == 1 for own, *_ in passages], dtype=bool)
    of_candidates: dict[TokenKind, CandidateTokens] = {"head": candidates.tokens, "alike": candidates.tokens}
    for kind, packed in reembedded.items():
        of_candidates[kind] = _tokens_at(passages, packed)
    return CandidateScores(
        passages=passages,
        dense=stage.dense,
        sentence=stage.sentence,
        lexical=stage.lexical,
        preceding=np.where(first, 0.0, stage.preceding_lexical),
        lengths=candidates.lengths,
        tokens=TokenMatcher(query=tokens, candidates=of_candidates),
    )


def _query_tokens(query: Query, tokens: Matrix) -> Mapping[TokenKind, QueryTokens]:
    same = np.full(len(tokens), 1 / max(len(tokens), 1), dtype=np.float32)
    return {
        "head": query.tokens,
        "alone": query.tokens,
        "alike": QueryTokens(tokens=query.tokens.tokens, weights=same),
        "whole": QueryTokens(tokens=tokens, weights=same),
    }


def _reembed(library: Library, embedder: Embedder) -> Mapping[TokenKind, PackedTokens]:
    """Return the packed tokens of every paragraph for the two kinds that the index does not store."""
    texts: dict[ParagraphRef, str] = {}
    for document in library.documents():
        for paragraph in library.paragraphs(document.document_id):
            texts[ParagraphRef(document_id=document.document_id, paragraph=paragraph.number)] = paragraph.text
    contexts = [texts.get(ParagraphRef(document_id=at.document_id, paragraph=at.paragraph - 1), "") for at in texts]
    paragraphs = list(texts.values())
    whole = embedder.embed_in_context(paragraphs, contexts)
    alone = embedder.embed_in_context(paragraphs, [""] * len(paragraphs))
    return {
        "whole": {at: _packed(each.tokens) for at, each in zip(texts, whole, strict=True)},
        "alone": {at: _packed(project(each.tokens, embedder.identity)) for at, each in zip(texts, alone, strict=True)},
    }


def _tokens_at(passages: Sequence[PassageRefs], packed: PackedTokens) -> CandidateTokens:
    """Return a function for packed tokens like `Candidates.tokens`."""

    def tokens(positions: Rows, dimension: int) -> tuple[Matrix, list[int]]:
        chosen = [packed[passages[position][0]] for position in positions.tolist()]
        return unpack(chosen, dimension), [len(each) // dimension for each in chosen]

    return tokens


def _packed(tokens: Matrix) -> npt.NDArray[np.uint8]:
    return np.frombuffer(pack(tokens), dtype=np.uint8)


def _passage(state: CollectionState, scope: Scope, row: int) -> PassageRefs:
    rows = [row, *scope.duplicates(row).tolist()]
    return tuple(
        ParagraphRef(document_id=state.document_id(each), paragraph=state.paragraph_number(each)) for each in rows
    )
