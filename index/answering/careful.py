"""The careful effort: a reader reads the first passages before they are ordered."""

from dataclasses import replace

import numpy as np

from wherefrom.index.answering.passages import CitingState, FoldedRanking
from wherefrom.index.reading.protocol import Reader

READ_DEPTH = 8
"""Passages that are read."""
RANK_PENALTY = 0.2
"""Taken off a passage's relevance for each place that it is behind the first: the searches know some of it too."""


def read_first(folded: FoldedRanking, citing: CitingState, question: str, reader: Reader) -> FoldedRanking:
    """Order the first passages by what a reader finds in them; the others follow as they were."""
    ranking = folded.ranking
    rows = ranking.rows[:READ_DEPTH].tolist()
    readings = reader.read(question, [citing.text(row) for row in rows])
    scores = np.array([reading.relevance for reading in readings]) - RANK_PENALTY * np.arange(len(rows))
    order = np.append(np.argsort(-scores, kind="stable"), np.arange(len(rows), len(ranking)))
    return replace(folded, ranking=ranking.take(order), readings=dict(zip(rows, readings, strict=True)))
