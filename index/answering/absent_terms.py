"""The terms of a question that the document of a passage does not contain, as features of confidence.

In a large collection every word of a question occurs somewhere, so a passage about another year's news can be close to
the question. Its document then lacks some of the question's names or other rare terms, wherever in the document they
would be. In a small collection about one topic, a word that a document lacks may be just the asker's own for what the
document says.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from wherefrom.index.engine import CollectionState, Term

SMALL_COLLECTION = 100
"""Number of paragraphs in scope up to which absent terms do not count. On outside collections of 1 to all stories, the
calibration is as good as if they counted in every collection (docs/tuning-diary.md)."""


class AbsentShares(NamedTuple):
    """The shares of a question's rarity in the terms that a document does not contain: of all terms, and of names."""

    terms: float
    names: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTerms:
    """The distinct terms of a question with their shares of its rarity, which sum to 1.

    The rarity of a question is the sum of its terms' inverse document frequencies. `names` are the terms of its names
    and numbers.
    """

    shares: Mapping[Term, float]
    names: frozenset[Term]

    @classmethod
    def of(cls, terms: Sequence[Term], term_weights: Mapping[str, float], mentions: Collection[Sequence[str]]) -> Self:
        """Return the terms of a question.

        `term_weights` are the shares by variant (see `CollectionState.term_weights`), and `mentions` the alternative
        prefixes of each name and number in the question (see `mention_variants`).
        """
        weights = {term: term_weights[_variants(term)[0]] for term in dict.fromkeys(terms)}
        total = sum(weights.values())
        prefixes = tuple([prefix for alternatives in mentions for prefix in alternatives])
        return cls(
            shares={term: weight / total for term, weight in weights.items()},
            names=frozenset(
                [term for term in weights if any(variant.startswith(prefixes) for variant in _variants(term))]
            ),
        )

    def absent(self, present: frozenset[Term]) -> AbsentShares:
        """Return the shares of the terms that are not in `present`, the terms of a document."""
        absent = [term for term in self.shares if term not in present]
        return AbsentShares(
            terms=sum([self.shares[term] for term in absent]),
            names=sum([self.shares[term] for term in absent if term in self.names]),
        )


def weighted_absence(
    rows: Sequence[int], question: QuestionTerms, state: CollectionState, size: float
) -> Sequence[AbsentShares]:
    """Return for each row the absent shares of its document, times the logarithm of the scope over SMALL_COLLECTION.

    `size` is the decimal logarithm of the number of paragraphs in scope. In a scope of at most SMALL_COLLECTION, all
    are 0 and no document is looked up.
    """
    weight = size - math.log10(SMALL_COLLECTION)
    if weight <= 0:
        return [AbsentShares(terms=0.0, names=0.0)] * len(rows)
    shares = map(question.absent, state.terms_in_documents(rows, tuple(question.shares)))
    return [AbsentShares(terms=weight * each.terms, names=weight * each.names) for each in shares]


def _variants(term: Term) -> tuple[str, ...]:
    return (term,) if isinstance(term, str) else term
