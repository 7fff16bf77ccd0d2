"""Where readers' comments begin: at a heading that says so, with prose enough above it."""

from collections.abc import Sequence
from itertools import accumulate

from wherefrom.index.cleaning.block_features import is_prose
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.boilerplate_phrases import COMMENTS

# Pages link to their comments above the article too; there is no heading of comments above so many words of prose.
LEAST_ABOVE = 100
MOST_COUNTED = 60
MOST_HEADING = 7


def comments_start(blocks: Sequence[Block], known: Sequence[str | None]) -> int:
    """The place of the first such heading; that after the last block where there is none."""
    prose = (
        min(block.shape.words, MOST_COUNTED) if rule is None and is_prose(block.shape) else 0
        for block, rule in zip(blocks, known, strict=True)
    )
    for at, (block, above) in enumerate(zip(blocks, accumulate(prose), strict=True)):
        short = block.shape.words <= MOST_HEADING and not block.shape.ends
        if short and above >= LEAST_ABOVE and COMMENTS.match(block.text):
            return at
    return len(blocks)
