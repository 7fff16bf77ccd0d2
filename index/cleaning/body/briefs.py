"""A brief: a text of one sentence, or of a few, without a full stop, so that nothing else tells it from a headline."""

from collections.abc import Sequence

from wherefrom.index.cleaning.block_features import MIN_LOWERCASE_SHARE, MIN_SENTENCE_WORDS
from wherefrom.index.cleaning.body.blocks import Block

MAX_BLOCKS = 10
# A text of a single block is a brief from this many words.
MIN_ONLY_WORDS = 5
MIN_WORD_SHARE = 0.6


def briefs(blocks: Sequence[Block], boilerplate: Sequence[str | None]) -> frozenset[int]:
    """Return the indices of the sentences of a short text in which none is marked as one; empty if it has menus."""
    if len(blocks) > MAX_BLOCKS:
        return frozenset()
    min_words = MIN_ONLY_WORDS if len(blocks) == 1 else MIN_SENTENCE_WORDS
    found = frozenset(
        index
        for index, block in enumerate(blocks)
        if boilerplate[index] is None
        and not block.features.is_bullet
        and block.features.words >= min_words
        and block.features.lowercase_share >= MIN_LOWERCASE_SHARE
    )
    words = sum(block.features.words for block in blocks)
    return found if sum(blocks[index].features.words for index in found) >= MIN_WORD_SHARE * words else frozenset()
