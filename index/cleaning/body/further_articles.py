"""The start of a further article in a text with several, such as a newsletter or a page with infinite scrolling.

A further article has its own headline below the prose of the first one, a byline, a date and prose. It is not cited,
since title, authors and date of the document are those of the first article.
"""

from collections.abc import Sequence

from wherefrom.index.cleaning.block_features import is_prose, is_sentence
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.body.boilerplate import boilerplate_rule
from wherefrom.index.cleaning.boilerplate_phrases import BYLINE
from wherefrom.index.cleaning.timestamps import is_timestamp
from wherefrom.index.text.dates import find_dates

FURTHER_ARTICLE_RULE = "further-article"
MIN_HEADLINE_WORDS, MAX_HEADLINE_WORDS = 2, 25
MAX_HEAD_BLOCKS = 4
# Smallest number of words of prose above a further article. With a byline and a date of its own above that prose, the
# first article may be shorter: without these, the prose may be the summary of an article whose byline is below it.
MIN_PROSE_WORDS_ABOVE, MIN_PROSE_WORDS_BELOW_BYLINE = 60, 8
MAX_HEAD_WORDS = 20
HEAD_CHARACTERS = 200


def further_article_start(blocks: Sequence[Block], boilerplate: Sequence[str | None], body: range) -> int | None:
    """Return the index of the headline of the second article in a body, or `None` if the body is one article."""
    words_above = 0
    above = range(max(body.start - MAX_HEAD_BLOCKS, 0), body.start)
    has_head = any(_is_byline(blocks[at], boilerplate[at]) for at in above) and any(
        _is_date(blocks[at]) for at in above
    )
    min_words = MIN_PROSE_WORDS_BELOW_BYLINE if has_head else MIN_PROSE_WORDS_ABOVE
    for index in body:
        block = blocks[index]
        if boilerplate[index] is None and is_prose(block.features):
            words_above += block.features.words
        elif words_above >= min_words and _opens_article(blocks, boilerplate, index, body.stop):
            return index
    return None


def without_further_articles(blocks: Sequence[Block], rules: Sequence[str | None]) -> list[str | None]:
    """Return the rules of an extracted text, in which headings have rules too, with the further articles dropped."""
    boilerplate = [boilerplate_rule(block.text, block.features) for block in blocks]
    first = next((index for index, rule in enumerate(rules) if rule is None), len(blocks))
    start = further_article_start(blocks, boilerplate, range(first, len(blocks)))
    return list(rules) if start is None else [*rules[:start], *[FURTHER_ARTICLE_RULE] * (len(rules) - start)]


def further_article_warnings(blocks: Sequence[Block], rules: Sequence[str | None]) -> tuple[str, ...]:
    """Return a warning with first line and length if further articles of a text were left out, otherwise nothing."""
    further = [block for block, rule in zip(blocks, rules, strict=True) if rule == FURTHER_ARTICLE_RULE]
    if not further:
        return ()
    words = sum(block.features.words for block in further)
    place = f"{words:,} words from line {further[0].line_start} on are left out"
    return (f"this seems to hold several articles, of which only the first was read: {place}; divide it",)


def _opens_article(blocks: Sequence[Block], boilerplate: Sequence[str | None], index: int, stop: int) -> bool:
    """Return whether a block is a headline with a byline and a date below it, and a sentence below these."""
    block = blocks[index]
    is_headline = boilerplate[index] is None and not block.features.ends_sentence and not block.features.is_bullet
    if not is_headline or not MIN_HEADLINE_WORDS <= block.features.words <= MAX_HEADLINE_WORDS:
        return False
    if block.features.words == MIN_HEADLINE_WORDS and not block.text.replace(" ", "").isalpha():
        return False  # a day of a month, a count
    has_byline = has_date = False
    for below in range(index + 1, min(index + 1 + MAX_HEAD_BLOCKS, stop)):
        if boilerplate[below] is None and is_sentence(blocks[below].features):
            return has_byline and has_date
        has_byline |= _is_byline(blocks[below], boilerplate[below])
        has_date |= _is_date(blocks[below])
    return False


def _is_byline(block: Block, rule: str | None) -> bool:
    """Return whether a block is a byline, or a byline and a date, whose rule may be that of a date."""
    return rule == "byline" or (rule == "stamp" and BYLINE.match(block.text) is not None)


def _is_date(block: Block) -> bool:
    if block.features.words > MAX_HEAD_WORDS:
        return False
    return (
        is_timestamp(block.text, block.features.words)
        or next(find_dates(block.text[:HEAD_CHARACTERS]), None) is not None
    )
