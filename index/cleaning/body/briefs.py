"""Detection of briefs: texts of one or a few sentences without full stops, which have the form of headlines."""

from collections.abc import Sequence

from wherefrom.index.cleaning.block_features import MIN_LOWERCASE_SHARE, MIN_SENTENCE_WORDS
from wherefrom.index.cleaning.body.blocks import Block

MAX_BLOCKS = 10
# Smallest number of words of a brief of a single block.
MIN_ONLY_WORDS = 5
MIN_WORD_SHARE = 0.6


def briefs(blocks: Sequence[Block], boilerplate: Sequence[str | None]) -> frozenset[int]:
    """Return the indices of the sentences of a brief; empty if they have less than MIN_WORD_SHARE of its words."""
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
