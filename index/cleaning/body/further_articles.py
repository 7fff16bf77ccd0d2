"""The start of a further article in a text with several, such as a newsletter or a page with infinite scrolling.

A further article has its own headline below the prose of the first one, a byline, a date and prose. It is not cited,
since title, authors and date of the document are those of the first article.
"""

from collections.abc import Sequence

from wherefrom.index.cleaning.block_features import is_prose
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.timestamps import is_timestamp
from wherefrom.index.text.dates import find_dates

FURTHER_ARTICLE_RULE = "further-article"
MIN_HEADLINE_WORDS, MAX_HEADLINE_WORDS = 3, 25
MAX_HEAD_BLOCKS = 4
MIN_PROSE_WORDS_ABOVE = 60
MIN_PROSE_BLOCKS_BELOW = 2
MAX_HEAD_WORDS = 20
HEAD_CHARACTERS = 200


def further_article_start(blocks: Sequence[Block], boilerplate: Sequence[str | None], body: range) -> int | None:
    """Return the index of the headline of the second article in a body, or `None` if the body is one article."""
    words_above = 0
    for index in body:
        block = blocks[index]
        if boilerplate[index] is None and is_prose(block.features):
            words_above += block.features.words
        elif words_above >= MIN_PROSE_WORDS_ABOVE and _opens_article(blocks, boilerplate, index, body.stop):
            return index
    return None


def further_article_warnings(blocks: Sequence[Block], rules: Sequence[str | None]) -> tuple[str, ...]:
    """Return a warning with first line and length if further articles of a text were left out, otherwise nothing."""
    further = [block for block, rule in zip(blocks, rules, strict=True) if rule == FURTHER_ARTICLE_RULE]
    if not further:
        return ()
    words = sum(block.features.words for block in further)
    place = f"{words:,} words from line {further[0].line_start} on are left out"
    return (f"this seems to hold several articles, of which only the first was read: {place}; divide it",)


def _opens_article(blocks: Sequence[Block], boilerplate: Sequence[str | None], index: int, stop: int) -> bool:
    """Return whether a block is a headline with a byline and a date below it, and prose below these."""
    block = blocks[index]
    is_headline = boilerplate[index] is None and not block.features.ends_sentence and not block.features.is_bullet
    if not is_headline or not MIN_HEADLINE_WORDS <= block.features.words <= MAX_HEADLINE_WORDS:
        return False
    has_byline = has_date = False
    for below in range(index + 1, min(index + 1 + MAX_HEAD_BLOCKS, stop)):
        if boilerplate[below] is None and is_prose(blocks[below].features):
            prose = blocks[below : min(below + MIN_PROSE_BLOCKS_BELOW, stop)]
            return has_byline and has_date and all(is_prose(each.features) for each in prose)
        has_byline |= boilerplate[below] == "byline"
        has_date |= _is_date(blocks[below])
    return False


def _is_date(block: Block) -> bool:
    if block.features.words > MAX_HEAD_WORDS:
        return False
    return (
        is_timestamp(block.text, block.features.words)
        or next(find_dates(block.text[:HEAD_CHARACTERS]), None) is not None
    )
