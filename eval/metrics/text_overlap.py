r"""How much of an article was found, and how much else, in runs of four words.

The metric is the article extraction benchmark's (Scrapinghub, `evaluate.py`): words are `\w+`, a text shorter than four
words is one run, and runs are counted as often as they stand. Precision and recall are means over pages; F1 is made
from the two means.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.eval.metrics.calibration_metrics import Figure, Numbers, Positions, bootstrap

WORD = re.compile(r"\w+")
RUN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """For one page the share of what was found that is right, and the share of what is right that was found.

    Not a number where nothing was found, or nothing was to be found.
    """

    precision: float
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The figures over pages, with their intervals."""

    f1: Figure
    precision: Figure
    recall: Figure


def compare(reference: str, found: str) -> Found:
    """Compare what was found on a page with what is right."""
    right, said = _runs(reference), _runs(found)
    common = (right & said).total()
    return Found(precision=_share(common, said.total()), recall=_share(common, right.total()))


def score(pages: Sequence[Found]) -> Extraction:
    """The figures over at least one page."""
    precisions = np.array([page.precision for page in pages])
    recalls = np.array([page.recall for page in pages])

    def f1(drawn: Positions) -> float:
        precision, recall = _mean(precisions[drawn]), _mean(recalls[drawn])
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    return Extraction(
        f1=bootstrap(f1, len(pages)),
        precision=bootstrap(lambda drawn: _mean(precisions[drawn]), len(pages)),
        recall=bootstrap(lambda drawn: _mean(recalls[drawn]), len(pages)),
    )


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    runs = [tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))]
    return Counter(run for run in runs if run)


def _mean(shares: Numbers) -> float:
    """The mean over the pages that have the figure; 0 where none has."""
    known = shares[~np.isnan(shares)]
    return float(known.mean()) if len(known) else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else np.nan
