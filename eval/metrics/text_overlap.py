r"""Precision and recall of an extracted text, over shingles of four words.

The metric is that of the article extraction benchmark (Scrapinghub, `evaluate.py`): words are `\w+`, a text shorter
than four words is one shingle, and shingles form a multiset. Precision and recall are means over pages; F1 is computed
from the two means.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.eval.metrics.calibration_metrics import Figure, Numbers, Positions, bootstrap

WORD = re.compile(r"\w+")
SHINGLE_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The precision and the recall of one page.

    Precision is NaN if the extracted text is empty, and recall is NaN if the reference is.
    """

    precision: float
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionFigures:
    """F1, precision and recall over pages, with their intervals."""

    f1: Figure
    precision: Figure
    recall: Figure


def text_overlap(reference: str, extracted: str) -> Overlap:
    """Compare the text that was extracted from a page with the reference."""
    expected, actual = _shingles(reference), _shingles(extracted)
    common = (expected & actual).total()
    return Overlap(precision=_ratio(common, actual.total()), recall=_ratio(common, expected.total()))


def extraction_figures(pages: Sequence[Overlap]) -> ExtractionFigures:
    """Return the figures over at least one page."""
    precisions = np.array([page.precision for page in pages])
    recalls = np.array([page.recall for page in pages])

    def f1(drawn: Positions) -> float:
        precision, recall = _mean(precisions[drawn]), _mean(recalls[drawn])
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    return ExtractionFigures(
        f1=bootstrap(f1, len(pages)),
        precision=bootstrap(lambda drawn: _mean(precisions[drawn]), len(pages)),
        recall=bootstrap(lambda drawn: _mean(recalls[drawn]), len(pages)),
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    shingles = [tuple(words[at : at + SHINGLE_WORDS]) for at in range(max(1, len(words) - SHINGLE_WORDS + 1))]
    return Counter(shingle for shingle in shingles if shingle)


def _mean(values: Numbers) -> float:
    """Return the mean over the pages where the figure is not NaN; 0 if there are none."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else 0.0


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else np.nan
