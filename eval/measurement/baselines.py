"""Baseline rankings from the engine's own searches: BM25, paragraph vectors, and reciprocal rank fusion of both.

The gate requires the service to rank better than each of them. The fusion is that of Cormack, Clarke and Büttcher,
"Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009: the score of a passage
is the sum of 1 / (60 + rank) over the lists.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from wherefrom.index.library import Library
from wherefrom.index.types import Hit

Baseline = Literal["bm25", "dense", "rrf"]
BASELINES: tuple[Baseline, ...] = get_args(Baseline)
RANK_CONSTANT = 60
FUSION_DEPTH = 100
"""Number of passages of each list that are fused."""


def baselines(library: Library, question: str, top_k: int) -> Mapping[Baseline, Sequence[Hit]]:
    """Return the first `top_k` hits of each baseline."""
    depth = max(top_k, FUSION_DEPTH)
    bm25 = library.rank(question, top_k=depth, order="lexical")
    dense = library.rank(question, top_k=depth, order="dense")
    matching = [hit for hit in bm25 if hit.scores.lexical > 0]
    fused = reciprocal_rank_fusion([matching[:FUSION_DEPTH], dense[:FUSION_DEPTH]])
    return {"bm25": bm25[:top_k], "dense": dense[:top_k], "rrf": fused[:top_k]}


def reciprocal_rank_fusion(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Fuse rankings by rank, best first.

    Passages with the same text count as one; ties are broken by document id and paragraph number.
    """
    scores: defaultdict[tuple[str, int], float] = defaultdict(float)
    hits: dict[tuple[str, int], Hit] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            passage = min([(hit.document_id, hit.number), *hit.copies])
            scores[passage] += 1 / (RANK_CONSTANT + rank)
            hits.setdefault(passage, hit)
    return [hits[passage] for passage in sorted(hits, key=lambda passage: (-scores[passage], passage))]
