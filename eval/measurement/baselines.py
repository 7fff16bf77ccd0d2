"""The rankings that the service must beat, all of the engine's own searches: BM25, paragraph vectors, the two by rank.

Reciprocal rank fusion is that of Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and
individual rank learning methods", SIGIR 2009: each list gives a passage 1 / (60 + its place).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from wherefrom.index.library import Library
from wherefrom.index.types import Hit

Baseline = Literal["bm25", "dense", "rrf"]
BASELINES: tuple[Baseline, ...] = get_args(Baseline)
RANK_CONSTANT = 60
FUSED = 100
"""Places of each list that are fused."""


def baselines(library: Library, question: str, top_k: int) -> Mapping[Baseline, Sequence[Hit]]:
    """The first `top_k` of each baseline."""
    depth = max(top_k, FUSED)
    bm25 = library.rank(question, top_k=depth, order="lexical")
    dense = library.rank(question, top_k=depth, order="dense")
    said = [hit for hit in bm25 if hit.scores.lexical > 0]
    fused = reciprocal_rank_fusion([said[:FUSED], dense[:FUSED]])
    return {"bm25": bm25[:top_k], "dense": dense[:top_k], "rrf": fused[:top_k]}


def reciprocal_rank_fusion(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """What any of the rankings found, best first; passages that say the same are one, and ties go by place."""
    scores: defaultdict[tuple[str, int], float] = defaultdict(float)
    hits: dict[tuple[str, int], Hit] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            passage = min([(hit.document_id, hit.number), *hit.copies])
            scores[passage] += 1 / (RANK_CONSTANT + rank)
            hits.setdefault(passage, hit)
    return [hits[passage] for passage in sorted(hits, key=lambda passage: (-scores[passage], passage))]
