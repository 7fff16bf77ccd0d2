"""The headline of a text by its position: a line above a date or a byline, if the text has only one such line.

Lists of other stories have headlines with dates too, so several such lines are no evidence.
"""

import re
from collections.abc import Iterator, Sequence

from wherefrom.index.cleaning.block_features import is_prose
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.text.dates import find_dates

MIN_WORDS, MAX_WORDS = 3, 25
NEAR_BLOCKS = 3
# Maximum distance of a headline and its summary above the same date; the lower one counts.
MAX_DISTANCE_IN_CLUSTER = 4
DATED_RULES = frozenset(("stamp", "byline"))
# A day and a year in a short line, in any language.
DATE_LINE = re.compile(r"\b\d{1,2}\b.{0,30}\b(?:19|20)\d\d\b|\b(?:19|20)\d\d\b.{0,30}\b\d{1,2}\b")
MAX_DATE_LINE_WORDS = 8
MAX_DATED_WORDS = 20
HEAD_CHARACTERS = 200


def find_dated_headline(blocks: Sequence[Block], boilerplate: Sequence[str | None]) -> int | None:
    """Return the index of the only headline with a date or a byline near below it; `None` for none or several."""
    found: list[int] = []
    for index in _dated_headlines(blocks, boilerplate):
        if found and index - found[-1] <= MAX_DISTANCE_IN_CLUSTER:
            found.pop()
        found.append(index)
    return found[0] if len(found) == 1 else None


def is_dated(block: Block, rule: str | None) -> bool:
    """Return whether a block has a date or a byline."""
    if rule in DATED_RULES:
        return True
    if block.features.words > MAX_DATED_WORDS:
        return False
    return is_date_line(block) or next(find_dates(block.text[:HEAD_CHARACTERS]), None) is not None


def is_date_line(block: Block) -> bool:
    """Return whether a block is a short line with a day and a year."""
    return block.features.words <= MAX_DATE_LINE_WORDS and DATE_LINE.search(block.text) is not None


def _dated_headlines(blocks: Sequence[Block], boilerplate: Sequence[str | None]) -> Iterator[int]:
    dated = [is_dated(block, rule) for block, rule in zip(blocks, boilerplate, strict=True)]
    for index, block in enumerate(blocks):
        features = block.features
        is_headline = boilerplate[index] is None and not features.is_bullet and MIN_WORDS <= features.words <= MAX_WORDS
        is_other = dated[index] or is_prose(features) or block.text.endswith((".", ":", ","))
        if is_headline and not is_other and any(dated[index + 1 : index + 1 + NEAR_BLOCKS]):
            yield index
