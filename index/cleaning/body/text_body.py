"""Which blocks are the article: the densest stretch of prose on the page, and what in it is not prose.

Every block weighs for or against: a sentence by its words, a menu entry, a caption or a heading of furniture by a
fixed cost. The body is the stretch with the greatest sum (Kadane's algorithm, linear), so a short box inside a long
article stays inside, and teasers far from it stay out. What stands below a heading of readers' comments is no body,
however much it is, if there is prose above. A language's alphabet does not matter; its punctuation does.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from wherefrom.index.cleaning.block_features import LEAST_LOWER, Shape, is_prose, is_sentence
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.body.boilerplate import furniture_rule
from wherefrom.index.cleaning.body.comment_section import comments_start

# Found on 102 pages of news and blogs (F1 of 4-word shingles 0.916; 0.913 where the three costs are chosen on other
# pages than those they are measured on).
MOST_WEIGHT = 60
UNENDED_FACTOR = 0.7
SHORT_FACTOR = 0.2
COSTS = {"furniture-heading": 20, "stamp": 20}
FURNITURE_COST = 8
OTHER_COST = 8
# A line as long as a headline that is no sentence: one between two paragraphs is a teaser's, seldom a subhead.
HEADLINE_WORDS = 8
HEADLINE_COST = 16
LEAST_REPEAT = 8
# Where so many of the words are in sentences the text has no menus, and everything between its sentences is body.
PLAIN_WORDS, PLAIN_BLOCKS = 0.7, 0.5
MOST_QUESTION = 16
LEAST_INSIDE = 14
LEAST_ANNOUNCEMENT = 4
# Rules that a paragraph among paragraphs is excused from.
DOUBTFUL_RULES = frozenset(("service",))


def body_rules(blocks: Sequence[Block]) -> list[str | None]:
    """For each block the name of the rule that drops it, or None where it is body text."""
    known = [furniture_rule(block.text, block.shape) for block in blocks]
    repeats = set(_repeats(blocks, known))
    comments = comments_start(blocks, known)
    start, end = _body_range(blocks[:comments], known, repeats)
    body = [_rule_inside(blocks, known, at) for at in range(start, end)]
    above = [known[at] or _rule_outside(blocks[at].shape, "header") for at in range(start)]
    below = [known[at] or _rule_outside(blocks[at].shape, "footer") for at in range(end, comments)]
    below += [known[at] or "comments" for at in range(comments, len(blocks))]
    return ["repeat" if at in repeats else rule for at, rule in enumerate([*above, *body, *below])]


def _body_range(blocks: Sequence[Block], known: Sequence[str | None], repeats: AbstractSet[int]) -> tuple[int, int]:
    """The half-open range of blocks that the body stands in."""
    sentences = [at for at, block in enumerate(blocks) if known[at] is None and is_sentence(block.shape)]
    if sentences and _is_plain(blocks, sentences):
        start, end = sentences[0], sentences[-1] + 1
    else:
        start, end = _heaviest([0.0 if at in repeats else _weight(block, known[at]) for at, block in enumerate(blocks)])
    return start + (end - start > 1 and _asks(blocks[start], blocks[start + 1])), end


def _is_plain(blocks: Sequence[Block], sentences: Sequence[int]) -> bool:
    """Whether most blocks, and most words, are sentences: a text without menus."""
    words = sum(block.shape.words for block in blocks)
    spoken = sum(blocks[at].shape.words for at in sentences)
    return spoken >= PLAIN_WORDS * words and len(sentences) >= PLAIN_BLOCKS * len(blocks)


def _asks(block: Block, following: Block) -> bool:
    """Whether a block that could be a sentence is a headline all the same: a question or a cry above a paragraph."""
    short = block.shape.words <= MOST_QUESTION and 2 * block.shape.words <= following.shape.words
    return short and block.text.endswith(("?", "!")) and block.text[0].isalnum()


def _repeats(blocks: Sequence[Block], rules: Sequence[str | None]) -> Iterator[int]:
    """Blocks of prose that stood in the source before, word for word."""
    seen: set[str] = set()
    for at, block in enumerate(blocks):
        if rules[at] is None and block.shape.words >= LEAST_REPEAT and is_prose(block.shape):
            if block.text in seen:
                yield at
            seen.add(block.text)


def _weight(block: Block, rule: str | None) -> float:
    shape = block.shape
    if shape.words == 0:
        return 0.0
    if rule is not None:
        return -COSTS.get(rule, FURNITURE_COST)
    if is_prose(shape):
        return min(shape.words, MOST_WEIGHT) * (1 if shape.ends else UNENDED_FACTOR)
    if is_sentence(shape):
        return shape.words * SHORT_FACTOR
    if _leads_on(block):
        return 0.0
    return -HEADLINE_COST if shape.words >= HEADLINE_WORDS else -OTHER_COST


def _heaviest(weights: Sequence[float]) -> tuple[int, int]:
    """The half-open range with the greatest sum; the first of equals, empty if nothing weighs more than 0."""
    best, best_range, total, start = 0.0, (0, 0), 0.0, 0
    for at, weight in enumerate(weights):
        if total <= 0:
            total, start = 0.0, at
        total += weight
        if total > best:
            best, best_range = total, (start, at + 1)
    return best_range


def _rule_inside(blocks: Sequence[Block], known: Sequence[str | None], at: int) -> str | None:
    rule, block = known[at], blocks[at]
    if rule is not None:
        return None if rule in DOUBTFUL_RULES and _among_prose(blocks, known, at) else rule
    if is_sentence(block.shape) or _leads_on(block):
        return None
    return "list" if block.shape.bullet else "subhead"


def _rule_outside(shape: Shape, place: str) -> str:
    return "menu" if shape.bullet else place


def _leads_on(block: Block) -> bool:
    """Whether a block without a full stop is text all the same: long, in lower case, or announcing what follows."""
    shape = block.shape
    least = LEAST_ANNOUNCEMENT if block.text.endswith((":", ";")) else LEAST_INSIDE
    return not shape.bullet and shape.words >= least and shape.lower >= LEAST_LOWER


def _among_prose(blocks: Sequence[Block], known: Sequence[str | None], at: int) -> bool:
    """Whether a block, and the two around it, are prose that no rule is sure of."""
    return 0 < at < len(blocks) - 1 and all(
        is_prose(blocks[near].shape) and (known[near] is None or known[near] in DOUBTFUL_RULES)
        for near in (at - 1, at, at + 1)
    )
