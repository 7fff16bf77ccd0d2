"""Finds the rows that contain all phrases of a question and none of the excluded ones."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from wherefrom.index.arrays import Mask, Rows
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.segments.row_languages import row_languages
from wherefrom.index.segments.segment import Segment
from wherefrom.index.text.language_terms import Variants, variants_of_word
from wherefrom.index.types import WordFilters


def apply_word_filters(words: WordFilters, snapshot: Snapshot) -> Mask:
    """Return the mask of the rows that the filters allow, deleted ones included."""
    allowed = np.ones(len(snapshot), dtype=bool)
    for phrase in words.phrases:
        allowed &= _rows_with(phrase, snapshot)
    for phrase in words.excluded:
        allowed &= ~_rows_with(phrase, snapshot)
    return allowed


def _rows_with(phrase: Sequence[str], snapshot: Snapshot) -> Mask:
    mask = np.zeros(len(snapshot), dtype=bool)
    for segment, start in zip(snapshot.segments, snapshot.starts, strict=True):
        mask[segment.words.rows_with(phrase, _possible_rows(phrase, segment)) + start] = True
    return mask


def _possible_rows(phrase: Sequence[str], segment: Segment) -> Rows | None:
    """Return the rows that have the term of every word, ascending; `None` (all rows) if no word has a term."""
    languages = tuple(row_languages(segment.postings))
    terms = {variants for word in phrase if (variants := variants_of_word(word, languages))}
    rows = sorted((_rows_with_any(variants, segment) for variants in terms), key=len)
    if not rows:
        return None
    possible: Rows = reduce(lambda some, others: np.intersect1d(some, others, assume_unique=True), rows)
    return possible.astype(np.int64)


def _rows_with_any(variants: Variants, segment: Segment) -> Rows:
    """Return the rows that have one of a word's variants, ascending."""
    rows: Rows = np.sort(np.concatenate([segment.postings.of(variant)[0] for variant in variants]))
    return rows
