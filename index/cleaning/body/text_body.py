"""The body of a text: the densest range of prose among its blocks, without the blocks in it that are not prose.

Each block has a weight: a sentence adds its words; a menu entry, a caption or a boilerplate heading subtracts a fixed
cost. The body is the range with the greatest sum (Kadane's algorithm, linear time), which includes a short box inside a
long article, but not teasers far from it. Blocks below a heading of readers' comments are never body if there is enough
prose above it. The rules depend on the punctuation of a language, not on its alphabet.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from wherefrom.index.cleaning.block_features import MIN_LOWERCASE_SHARE, BlockFeatures, is_prose, is_sentence
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.body.boilerplate import boilerplate_rule
from wherefrom.index.cleaning.body.briefs import briefs
from wherefrom.index.cleaning.body.comment_section import comment_section_start
from wherefrom.index.cleaning.body.consent_text import consent_blocks
from wherefrom.index.cleaning.body.dated_headline import find_dated_headline
from wherefrom.index.cleaning.body.first_line import find_repeated_head
from wherefrom.index.cleaning.body.further_articles import FURTHER_ARTICLE_RULE, further_article_start
from wherefrom.index.cleaning.body.lists import (
    first_list_start,
    is_announcement,
    is_row_or_numbered,
    list_items,
    possible_items,
)

# Tuned on 102 pages of news and blogs: F1 of 4-word shingles is 0.916, and 0.913 if the three costs are chosen on pages
# other than the test pages.
MAX_WEIGHT = 60
UNENDED_FACTOR = 0.7
SHORT_FACTOR = 0.2
COSTS = {"furniture-heading": 20, "stamp": 20, "page-edge": 0, "export-mark": 0, "consent": 20}
BOILERPLATE_COST = 8
OTHER_COST = 8
# For a line as long as a headline that is not a sentence: between paragraphs it is usually a teaser, rarely a subhead.
MIN_HEADLINE_WORDS = 8
HEADLINE_COST = 16
MIN_REPEAT_WORDS = 8
# Shares of words and blocks in sentences from which a text has no menus: everything between its sentences is body.
MIN_PLAIN_WORD_SHARE, MIN_PLAIN_BLOCK_SHARE = 0.7, 0.5
MAX_QUESTION_WORDS = 16
MIN_UNENDED_WORDS = 14
MIN_ANNOUNCEMENT_WORDS = 4
# Smallest weight of a body below a repeated headline: that of a paragraph of usual length.
MIN_WEIGHT_BELOW_HEADLINE = 40
# The range below a headline with a date is the body if it has this share of the weight of the heaviest range, unless
# that begins within MAX_BLOCKS_BETWEEN blocks below the headline. It has to begin within MAX_BLOCKS_BELOW_HEADLINE.
MIN_SHARE_BELOW_DATED = 0.25
MAX_BLOCKS_BETWEEN = 60
MAX_BLOCKS_BELOW_HEADLINE = 30
# A range below a headline ends where other blocks reduce its weight by more than this, as five boilerplate headings do.
MAX_LOSS = 80
# Rules that do not apply to a paragraph between paragraphs.
DOUBTFUL_RULES = frozenset(("service",))


def body_rules(blocks: Sequence[Block]) -> list[str | None]:
    """Return for each block the rule that drops it, or `None` for body text."""
    boilerplate = [block.rule or boilerplate_rule(block.text, block.features) for block in blocks]
    for index in consent_blocks(blocks):
        boilerplate[index] = "consent"
    sentences = [
        index for index, block in enumerate(blocks) if boilerplate[index] is None and is_sentence(block.features)
    ]
    plain = _is_plain(blocks, sentences, possible_items(blocks, boilerplate))
    items = list_items(blocks, boilerplate, plain=plain)
    for index in items:
        boilerplate[index] = None
    repeats = set(_repeats(blocks, boilerplate))
    comments = comment_section_start(blocks, boilerplate)
    headline = find_repeated_head(blocks)
    dated = find_dated_headline(blocks, boilerplate) if headline is None else None
    neutral = repeats.union(_above_prose(blocks, boilerplate, items))
    start, end = _body_range(blocks[:comments], boilerplate, neutral, sentences if plain else (), (headline, dated))
    start = first_list_start(blocks, items, start)
    end = _with_last_list(blocks[:comments], items, end) if end else end
    kept = items
    if start == end:
        kept = briefs(blocks, boilerplate)
        start, end = (min(kept), max(kept) + 1) if kept else (0, 0)
    further = further_article_start(blocks, boilerplate, range(start, comments))
    body = [None if index in kept else _rule_inside(blocks, boilerplate, index) for index in range(start, end)]
    above = [boilerplate[index] or _rule_outside(blocks[index].features, "header") for index in range(start)]
    below = [boilerplate[index] or _rule_outside(blocks[index].features, "footer") for index in range(end, comments)]
    below += [boilerplate[index] or "comments" for index in range(comments, len(blocks))]
    rules = [*above, *body, *below]
    if further is not None:
        rules[further:comments] = [FURTHER_ARTICLE_RULE] * (comments - further)
    return ["repeat" if index in repeats else rule for index, rule in enumerate(rules)]


def _body_range(
    blocks: Sequence[Block],
    boilerplate: Sequence[str | None],
    neutral: AbstractSet[int],
    plain_sentences: Sequence[int],
    headlines: tuple[int | None, int | None],
) -> tuple[int, int]:
    """Return the half-open range of the body: from the first to the last of `plain_sentences`, or the heaviest range.

    The blocks of `neutral` have no weight. `headlines` are the indices of the headline that repeats the first line and
    of the headline above a date, `None` without one: the body is below them if there is enough text, even if another
    story on the page is longer.
    """
    headline, dated = headlines
    inside = [index for index in plain_sentences if index < len(blocks)]
    if inside:
        start, end = inside[0], inside[-1] + 1
    else:
        weights = [
            0.0 if index in neutral else _weight(block, boilerplate[index]) for index, block in enumerate(blocks)
        ]
        start, end = _heaviest_range(weights)
        if headline is not None and start <= headline:
            below = [weight if index > headline else 0.0 for index, weight in enumerate(weights)]
            first, last = _heaviest_range(below)
            if sum(below[first:last]) >= MIN_WEIGHT_BELOW_HEADLINE:
                start, end = first, last
        if dated is not None and not dated < start <= dated + MAX_BLOCKS_BETWEEN:
            first, last = _range_below(weights, dated)
            if sum(weights[first:last]) >= MIN_SHARE_BELOW_DATED * sum(weights[start:end]):
                start, end = first, last
    if end - start > 1 and (start == headline or _is_question_headline(blocks[start], blocks[start + 1])):
        start += 1
    return start, end


def _range_below(weights: Sequence[float], headline: int) -> tuple[int, int]:
    """Return the heaviest range that begins at the first positive weight near below a headline, (0, 0) for none."""
    near = range(headline + 1, min(headline + 1 + MAX_BLOCKS_BELOW_HEADLINE, len(weights)))
    start = next((index for index in near if weights[index] > 0), None)
    if start is None:
        return 0, 0
    best, total, end = 0.0, 0.0, start
    for index in range(start, len(weights)):
        total += weights[index]
        if total > best:
            best, end = total, index + 1
        elif total < best - MAX_LOSS:
            break
    return start, end


def _above_prose(blocks: Sequence[Block], boilerplate: Sequence[str | None], items: AbstractSet[int]) -> Iterator[int]:
    """Yield the indices of the items of lists and tables directly above a paragraph, from the last to the first."""
    is_above = False
    for index in range(len(blocks) - 1, -1, -1):
        if index in items:
            if is_above:
                yield index
        elif blocks[index].features.words:
            is_above = boilerplate[index] is None and is_prose(blocks[index].features)


def _with_last_list(blocks: Sequence[Block], items: AbstractSet[int], end: int) -> int:
    """Return the end of the body including a list or table that its last block or the block after it announces."""
    last = end
    if last < len(blocks) and last + 1 in items and is_announcement(blocks[last], plain=False):
        last += 1
    while last in items and last < len(blocks):
        last += 1
    return last


def _is_plain(blocks: Sequence[Block], sentences: Sequence[int], items: AbstractSet[int]) -> bool:
    """Return whether a text has no menus, by its shares of blocks and words in sentences.

    Neighbouring table rows and numbered items count as one block, and `items` do not count.
    """
    others = [block for index, block in enumerate(blocks) if index not in items]
    words = sum(block.features.words for block in others)
    sentence_words = sum(blocks[index].features.words for index in sentences)
    count = sum(1 for before, block in pairwise((None, *others)) if block and not _is_next_row(before, block))
    return (
        bool(sentences)
        and sentence_words >= MIN_PLAIN_WORD_SHARE * words
        and len(sentences) >= MIN_PLAIN_BLOCK_SHARE * count
    )


def _is_next_row(before: Block | None, block: Block) -> bool:
    return before is not None and is_row_or_numbered(before) and is_row_or_numbered(block)


def _is_question_headline(block: Block, following: Block) -> bool:
    """Return whether a block is a headline although it ends a sentence: a question or exclamation above a paragraph."""
    words = block.features.words
    short = words <= MAX_QUESTION_WORDS and 2 * words <= following.features.words
    return short and block.text.endswith(("?", "!")) and block.text[0].isalnum()


def _repeats(blocks: Sequence[Block], rules: Sequence[str | None]) -> Iterator[int]:
    """Yield the indices of sentences and paragraphs with the same text as an earlier block."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if rules[index] is None and block.features.words >= MIN_REPEAT_WORDS and is_sentence(block.features):
            if block.text in seen:
                yield index
            seen.add(block.text)


def _weight(block: Block, rule: str | None) -> float:
    """Return a block's weight: positive for prose, negative for other text, 0 for a block without evidence."""
    features = block.features
    if features.words == 0:
        return 0.0
    if rule is not None:
        return -COSTS.get(rule, BOILERPLATE_COST)
    if is_prose(features):
        return min(features.words, MAX_WEIGHT) * (1 if features.ends_sentence else UNENDED_FACTOR)
    if is_sentence(features):
        return features.words * SHORT_FACTOR
    if _is_unended_text(block):
        return 0.0
    return -HEADLINE_COST if features.words >= MIN_HEADLINE_WORDS else -OTHER_COST


def _heaviest_range(weights: Sequence[float]) -> tuple[int, int]:
    """Return the half-open range with the greatest sum, the first of equal ones; empty if no weight is positive."""
    best, best_range, total, start = 0.0, (0, 0), 0.0, 0
    for index, weight in enumerate(weights):
        if total <= 0:
            total, start = 0.0, index
        total += weight
        if total > best:
            best, best_range = total, (start, index + 1)
    return best_range


def _rule_inside(blocks: Sequence[Block], boilerplate: Sequence[str | None], index: int) -> str | None:
    """Return the rule that drops a block inside the range of the body, or `None`."""
    rule, block = boilerplate[index], blocks[index]
    if rule is not None:
        return None if rule in DOUBTFUL_RULES and _is_among_prose(blocks, boilerplate, index) else rule
    if is_sentence(block.features) or _is_unended_text(block):
        return None
    return "list" if block.features.is_bullet else "subhead"


def _rule_outside(features: BlockFeatures, rule: str) -> str:
    return "menu" if features.is_bullet else rule


def _is_unended_text(block: Block) -> bool:
    """Return whether a block without a full stop is still text: long enough and mostly in lower case.

    A block that ends with a colon or a semicolon may be shorter.
    """
    features = block.features
    min_words = MIN_ANNOUNCEMENT_WORDS if block.text.endswith((":", ";")) else MIN_UNENDED_WORDS
    return not features.is_bullet and features.words >= min_words and features.lowercase_share >= MIN_LOWERCASE_SHARE


def _is_among_prose(blocks: Sequence[Block], boilerplate: Sequence[str | None], index: int) -> bool:
    """Return whether a block and its two neighbours are prose without a rule, doubtful rules ignored."""
    return 0 < index < len(blocks) - 1 and all(
        is_prose(blocks[near].features) and (boilerplate[near] is None or boilerplate[near] in DOUBTFUL_RULES)
        for near in (index - 1, index, index + 1)
    )
