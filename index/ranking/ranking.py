"""Candidates in ranked order, with the scores that they are ranked by."""

from dataclasses import dataclass, replace

from wherefrom.index import types
from wherefrom.index.arrays import Rows, Scores
from wherefrom.index.engine import Candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Candidates, their scores by position, and `order`: positions, best first.

    Of equal candidates the first by document id and paragraph number ranks first. Higher is better in each score except
    `shortfall` (see `TokenMatch`). `sentences` has the cosine of every sentence of every candidate. `recency` is `None`
    unless the newest are preferred, `preferred` is `None` unless some documents are; `fused` includes both.
    """

    candidates: Candidates
    order: Rows
    dense: Scores
    sentence: Scores
    sentences: Scores
    lexical: Scores
    shortfall: Scores
    fused: Scores
    recency: Scores | None = None
    preferred: Scores | None = None

    def __len__(self) -> int:
        return len(self.order)

    @property
    def rows(self) -> Rows:
        """The ranked rows, best first."""
        return self.candidates.rows[self.order]

    def scores(self) -> list[types.Scores]:
        """Return the scores of the ranked candidates, best first."""
        columns = [column[self.order].tolist() for column in (self.dense, self.sentence, self.lexical, self.fused)]
        recency = [None] * len(self) if self.recency is None else self.recency[self.order].tolist()
        return [
            types.Scores(dense=dense, sentence=sentence, lexical=lexical, fused=fused, recency=recent)
            for dense, sentence, lexical, fused, recent in zip(*columns, recency, strict=True)
        ]

    def sentence_cosines(self) -> list[list[float]]:
        """Return the cosine of each sentence of the ranked candidates, best first."""
        starts = [*self.candidates.sentence_starts.tolist(), len(self.sentences)]
        return [self.sentences[starts[at] : starts[at + 1]].tolist() for at in self.order.tolist()]

    def take(self, ranks: Rows | slice) -> "Ranking":
        """Return the ranking of the candidates at these 0-based ranks, in this order."""
        return replace(self, order=self.order[ranks])
