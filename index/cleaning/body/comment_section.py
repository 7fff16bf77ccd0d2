"""The start of the readers' comments: their heading, below enough prose."""

from collections.abc import Sequence
from itertools import accumulate

from wherefrom.index.cleaning.block_features import is_prose
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.boilerplate_phrases import COMMENTS_HEADING
from wherefrom.index.cleaning.languages.phrases import is_comments_heading

# Smallest number of words of prose above the heading, since pages also link to their comments above the article.
MIN_PROSE_WORDS = 100
# Maximum number of words that one block counts for.
MAX_COUNTED_WORDS = 60
MAX_HEADING_WORDS = 7


def comment_section_start(blocks: Sequence[Block], boilerplate: Sequence[str | None]) -> int:
    """Return the index of the first heading of comments, `len(blocks)` without one.

    `boilerplate` has each block's boilerplate rule, or `None`.
    """
    prose = (
        min(block.features.words, MAX_COUNTED_WORDS) if rule is None and is_prose(block.features) else 0
        for block, rule in zip(blocks, boilerplate, strict=True)
    )
    for index, (block, words_above) in enumerate(zip(blocks, accumulate(prose), strict=True)):
        short = block.features.words <= MAX_HEADING_WORDS and not block.features.ends_sentence
        if short and words_above >= MIN_PROSE_WORDS and _is_heading(block.text):
            return index
    return len(blocks)


def _is_heading(text: str) -> bool:
    return COMMENTS_HEADING.match(text) is not None or is_comments_heading(text)
