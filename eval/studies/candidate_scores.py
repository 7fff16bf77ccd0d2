"""The candidates of a question with each of the engine's scores apart, so that they can be ranked by some of them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.measurement.caching_embedder import CachingEmbedder
from wherefrom.eval.studies.token_matching import PackedTokens, TokenMatcher, TokenVariant
from wherefrom.index.arrays import Matrix, Rows, Scores
from wherefrom.index.cleaning.extract import CLEANER_VERSION
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.token_head import project
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import Query, encode_together
from wherefrom.index.ranking.ranker import candidates
from wherefrom.index.scoring.late_interaction import Asked, pack
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.search.snapshot_refresher import Refresher
from wherefrom.index.storage.catalog import CATALOG, Catalog

PassageRefs = Sequence[ParagraphRef]
"""A paragraph, followed by its exact copies."""
BATCH_SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateScores:
    """The candidates of one question by position: their paragraphs and their scores.

    `before` is the BM25 score of the paragraph before, 0 if there is none; `lengths` are numbers of terms.
    """

    passages: Sequence[PassageRefs]
    dense: Scores
    sentence: Scores
    lexical: Scores
    before: Scores
    lengths: Rows
    matcher: TokenMatcher


def collect_scores(
    library: Library, embedder: Embedder, questions: Sequence[str], *, reread: bool
) -> Iterator[CandidateScores]:
    """Yield the candidates of each question.

    `reread` embeds every paragraph again for the token variants `whole` and `alone`, which are missing otherwise.
    """
    caching = CachingEmbedder(embedder)
    with _snapshot(library, embedder) as snapshot:
        passages = [_passage_refs(snapshot, row) for row in range(len(snapshot))]
        indexed = snapshot.tokens(np.arange(len(snapshot)))
        reread_tokens = _reread(library, embedder, passages) if reread else {}
        packed: PackedTokens = {"head": indexed, "alike": indexed, **reread_tokens}
        for start in range(0, len(questions), BATCH_SIZE):
            batch = questions[start : start + BATCH_SIZE]
            readings = caching.read(batch, [""] * len(batch))
            for query, reading in zip(encode_together(batch, caching), readings, strict=True):
                yield _candidate_scores(snapshot, query, _question_tokens(query, reading.tokens), packed, passages)


def _candidate_scores(
    snapshot: Snapshot,
    query: Query,
    question: Mapping[TokenVariant, Asked],
    packed: PackedTokens,
    passages: Sequence[PassageRefs],
) -> CandidateScores:
    bm25 = snapshot.lexicon.scores(query.terms)
    found = candidates(snapshot, query.vector, bm25, None)
    rows = found.rows
    dense, sentence, _ = found.cosines(query.vector)
    return CandidateScores(
        passages=[passages[row] for row in rows.tolist()],
        dense=dense,
        sentence=sentence,
        lexical=bm25[rows].astype(np.float64),
        before=np.where(found.before == rows, 0.0, bm25[found.before]),
        lengths=snapshot.lengths[rows],
        matcher=TokenMatcher(question=question, packed=packed, rows=rows),
    )


def _question_tokens(query: Query, tokens: Matrix) -> Mapping[TokenVariant, Asked]:
    equal_weights = np.full(len(tokens), 1 / max(len(tokens), 1), dtype=np.float32)
    return {
        "head": query.asked,
        "alone": query.asked,
        "alike": Asked(tokens=query.asked.tokens, weights=equal_weights),
        "whole": Asked(tokens=tokens, weights=equal_weights),
    }


def _reread(library: Library, embedder: Embedder, passages: Sequence[PassageRefs]) -> PackedTokens:
    """Return the tokens of each row in the variants that the index does not store."""
    texts = {}
    for document in {own.document_id for own, *_ in passages}:
        for paragraph in library.paragraphs(document):
            texts[ParagraphRef(document_id=document, paragraph=paragraph.number)] = paragraph.text
    own_texts = [texts[own] for own, *_ in passages]
    contexts = [
        texts.get(ParagraphRef(document_id=own.document_id, paragraph=own.paragraph - 1), "") for own, *_ in passages
    ]
    alone = embedder.read(own_texts, [""] * len(own_texts))
    return {
        "whole": [_packed(each.tokens) for each in embedder.read(own_texts, contexts)],
        "alone": [_packed(project(each.tokens, embedder.identity)) for each in alone],
    }


def _packed(tokens: Matrix) -> npt.NDArray[np.uint8]:
    return np.frombuffer(pack(tokens), dtype=np.uint8)


def _passage_refs(snapshot: Snapshot, row: int) -> PassageRefs:
    rows = [row, *snapshot.other_copies(row, None).tolist()]
    return tuple(ParagraphRef(document_id=snapshot.document_id(each), paragraph=snapshot.number(each)) for each in rows)


@contextmanager
def _snapshot(library: Library, embedder: Embedder) -> Iterator[Snapshot]:
    """Open the snapshot that the library searches, which it does not expose."""
    refresher = Refresher(library.data, embedder.identity, CLEANER_VERSION)
    opened = Catalog.open(library.data / CATALOG, model=embedder.identity, cleaner=CLEANER_VERSION)
    with closing(opened) as catalog, closing(refresher):
        snapshot = refresher.at(catalog)
        if snapshot is None:
            raise RuntimeError(f"{library.data} was changed while it was measured")
        yield snapshot
