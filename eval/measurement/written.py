"""Measurement of the check of written sentences: numbers of passed pairs, recall and precision by kind and by half."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wherefrom.eval.datasets.written_pairs import FOLLOWING, NOT_FOLLOWING, WrittenPair
from wherefrom.eval.metrics.calibration_metrics import Figure, proportion
from wherefrom.index.reading.protocol import Reader
from wherefrom.index.writing.sentence_check import SentenceChecker, SentenceVerdict

HALVES = ("all", "built on", "held out")
FOLLOWS, FOLLOWS_NOT = "follows", "does not follow"
"""Names of the rows for all kinds of one label together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPair:
    """A pair and its verdict."""

    pair: WrittenPair
    verdict: SentenceVerdict

    @property
    def right(self) -> bool:
        """Whether the verdict is correct: a sentence should pass if and only if it follows."""
        return self.verdict.passed == self.pair.follows


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFigures:
    """The figures of the pairs of one kind.

    `recall` is the share of pairs with a correct verdict. `precision` is that share among the pairs with the same
    verdict: for following sentences, the correctly passed pairs of the kind and all wrongly passed ones; for others,
    the correctly refused pairs of the kind and all wrongly refused ones.
    """

    pairs: int
    passed: int
    recall: Figure
    precision: Figure


WrittenFigures = Mapping[str, Mapping[str, KindFigures]]
"""Figures by half, one of HALVES, and by kind."""


def check_pairs(pairs: Sequence[WrittenPair], reader: Reader | None = None) -> tuple[CheckedPair, ...]:
    """Return the verdict of every pair."""
    checker = SentenceChecker(reader)
    return tuple(CheckedPair(pair=pair, verdict=checker.check(pair.sentence, pair.passages)) for pair in pairs)


def written_figures(checked: Sequence[CheckedPair]) -> WrittenFigures:
    """Return the figures of each half and kind, for the kinds that have pairs."""
    return {half: _by_kind([each for each in checked if _in_half(each.pair, half)]) for half in HALVES}


def _in_half(pair: WrittenPair, half: str) -> bool:
    return half == "all" or pair.held_out == (half == "held out")


def _by_kind(checked: Sequence[CheckedPair]) -> Mapping[str, KindFigures]:
    groups = {
        FOLLOWS: [each for each in checked if each.pair.follows],
        **{kind: [each for each in checked if each.pair.kind == kind] for kind in FOLLOWING},
        FOLLOWS_NOT: [each for each in checked if not each.pair.follows],
        **{kind: [each for each in checked if each.pair.kind == kind] for kind in NOT_FOLLOWING},
    }
    shown_wrongly = sum(each.verdict.passed for each in groups[FOLLOWS_NOT])
    refused_wrongly = sum(not each.verdict.passed for each in groups[FOLLOWS])
    return {
        kind: _figures(group, shown_wrongly if group[0].pair.follows else refused_wrongly)
        for kind, group in groups.items()
        if group
    }


def _figures(group: Sequence[CheckedPair], wrong: int) -> KindFigures:
    right = sum(each.right for each in group)
    return KindFigures(
        pairs=len(group),
        passed=sum(each.verdict.passed for each in group),
        recall=proportion(right, len(group)),
        precision=proportion(right, right + wrong),
    )


def digest(pairs: Sequence[WrittenPair]) -> str:
    """Return the SHA-256 of pairs; figures can be compared only if it is equal."""
    lines = "".join(f"{pair.kind}\n{pair.sentence}\n{pair.passages}\n" for pair in pairs)
    return hashlib.sha256(lines.encode()).hexdigest()
