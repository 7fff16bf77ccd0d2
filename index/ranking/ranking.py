"""Candidates in an order, with the scores that put them there."""

from dataclasses import dataclass, replace

from wherefrom.index import types
from wherefrom.index.arrays import Rows, Scores
from wherefrom.index.search.candidates import Candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Candidates with their scores, and their order by them: positions, best first; ties go to the first by place.

    Higher is better in each score but `unmet`, which is as `Met` has it. `sentences` are the cosines of all their
    sentences.
    """

    candidates: Candidates
    order: Rows
    dense: Scores
    sentence: Scores
    sentences: Scores
    lexical: Scores
    unmet: Scores
    fused: Scores

    def __len__(self) -> int:
        return len(self.order)

    @property
    def rows(self) -> Rows:
        """The rows, best first."""
        return self.candidates.rows[self.order]

    def scores(self, position: int) -> types.Scores:
        """The scores of a candidate."""
        return types.Scores(
            dense=float(self.dense[position]),
            sentence=float(self.sentence[position]),
            lexical=float(self.lexical[position]),
            fused=float(self.fused[position]),
        )

    def sentences_of(self, position: int) -> list[float]:
        """The cosines of a candidate's sentences."""
        first, *after = self.candidates.firsts[position : position + 2].tolist()
        cosines: list[float] = self.sentences[first : after[0] if after else None].tolist()
        return cosines

    def take(self, places: Rows | slice) -> "Ranking":
        """The candidates at these places of the order, in this order."""
        return replace(self, order=self.order[places])
