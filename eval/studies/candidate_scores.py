"""What the engine knows of each candidate of a question, score by score, so that it can be ranked by parts of it.

The candidates and their scores are the engine's own. Tokens are met in four ways, of which `head` is the engine's:

- `head`: through the token head, each token of the question as it matters
- `alike`: through the token head, all tokens of the question alike
- `whole`: the model's own tokens, all alike, as with a model that has no head
- `alone`: as `head`, but paragraphs are read without the one before them
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wherefrom.eval.datasets.questions import Place
from wherefrom.eval.measurement.caching_embedder import RememberingEmbedder
from wherefrom.eval.studies.token_matching import Packed, Reader, Tokens
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

Passage = Sequence[Place]
TOGETHER = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The candidates of one question by place: where each stands, its copies behind it, and its scores.

    `before` is the BM25 score of the paragraph before, and `lengths` are numbers of terms.
    """

    passages: Sequence[Passage]
    dense: Scores
    sentence: Scores
    lexical: Scores
    before: Scores
    lengths: Rows
    reader: Reader


def gather(library: Library, embedder: Embedder, questions: Sequence[str], *, reread: bool) -> Iterator[Evidence]:
    """The evidence for each question; every paragraph is read again for `whole` and `alone` where that is wanted."""
    remembering = RememberingEmbedder(embedder)
    with _snapshot(library, embedder) as snapshot:
        passages = [_passage(snapshot, row) for row in range(len(snapshot))]
        kept = snapshot.tokens(np.arange(len(snapshot)))
        again = _read_again(library, embedder, passages) if reread else {}
        packed: Packed = {"head": kept, "alike": kept, **again}
        for start in range(0, len(questions), TOGETHER):
            batch = questions[start : start + TOGETHER]
            read = remembering.embed_in_context(batch, [""] * len(batch))
            for query, reading in zip(encode_together(batch, remembering), read, strict=True):
                yield _evidence(snapshot, query, _asked(query, reading.tokens), packed, passages)


def _evidence(
    snapshot: Snapshot, query: Query, asked: Mapping[Tokens, Asked], packed: Packed, passages: Sequence[Passage]
) -> Evidence:
    said = snapshot.lexicon.scores(query.terms)
    found = candidates(snapshot, query.vector, said, None)
    rows = found.rows
    dense, sentence, _ = found.cosines(query.vector)
    return Evidence(
        passages=[passages[row] for row in rows.tolist()],
        dense=dense,
        sentence=sentence,
        lexical=said[rows].astype(np.float64),
        before=np.where(found.before == rows, 0.0, said[found.before]),
        lengths=snapshot.lengths[rows],
        reader=Reader(asked=asked, packed=packed, rows=rows),
    )


def _asked(query: Query, tokens: Matrix) -> Mapping[Tokens, Asked]:
    alike = np.full(len(tokens), 1 / max(len(tokens), 1), dtype=np.float32)
    return {
        "head": query.asked,
        "alone": query.asked,
        "alike": Asked(tokens=query.asked.tokens, weights=alike),
        "whole": Asked(tokens=tokens, weights=alike),
    }


def _read_again(library: Library, embedder: Embedder, passages: Sequence[Passage]) -> Packed:
    """The tokens of each row in other ways than the index keeps them."""
    texts = {}
    for document in {own.document_id for own, *_ in passages}:
        for paragraph in library.paragraphs(document):
            texts[Place(document_id=document, paragraph=paragraph.number)] = paragraph.text
    read = [texts[own] for own, *_ in passages]
    told = [texts.get(Place(document_id=own.document_id, paragraph=own.paragraph - 1), "") for own, *_ in passages]
    alone = embedder.embed_in_context(read, [""] * len(read))
    return {
        "whole": [_bytes(each.tokens) for each in embedder.embed_in_context(read, told)],
        "alone": [_bytes(project(each.tokens, embedder.identity)) for each in alone],
    }


def _bytes(tokens: Matrix) -> npt.NDArray[np.uint8]:
    return np.frombuffer(pack(tokens), dtype=np.uint8)


def _passage(snapshot: Snapshot, row: int) -> Passage:
    same = [row, *snapshot.other_copies(row, None).tolist()]
    return tuple(Place(document_id=snapshot.document_id(each), paragraph=snapshot.number(each)) for each in same)


@contextmanager
def _snapshot(library: Library, embedder: Embedder) -> Iterator[Snapshot]:
    """The library's own state as it is searched, which a library does not show."""
    refresher = Refresher(library.data, embedder.identity, CLEANER_VERSION)
    opened = Catalog.open(library.data / CATALOG, model=embedder.identity, cleaner=CLEANER_VERSION)
    with closing(opened) as catalog, closing(refresher):
        snapshot = refresher.at(catalog)
        if snapshot is None:
            raise RuntimeError(f"{library.data} was changed while it was measured")
        yield snapshot
