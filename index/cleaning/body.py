"""Which blocks are the article: the densest stretch of prose on the page, and what in it is not prose.

Every block weighs for or against: a sentence by its words, a menu entry, a caption or a heading of furniture by a
fixed cost. The body is the stretch with the greatest sum (Kadane's algorithm, linear), so a short box inside a long
article stays inside, and teasers far from it stay out. A language's alphabet does not matter; its punctuation does.
"""

from collections.abc import Iterator, Sequence

from index.cleaning.blocks import Block
from index.cleaning.furniture import furniture_rule
from index.cleaning.shape import Shape

# Found on 102 pages of news and blogs (F1 of 4-word shingles); each may change by half without losing 0.01.
MOST_WEIGHT = 60
LEAST_SENTENCE = 8
LEAST_LOWER = 0.5
LEAST_UNENDED = 25
UNENDED_FACTOR = 0.7
SHORT_FACTOR = 0.2
COSTS = {"furniture-heading": 40, "stamp": 20}
FURNITURE_COST = 8
OTHER_COST = 8
# A line as long as a headline that is no sentence: one between two paragraphs is a teaser's, seldom a subhead.
HEADLINE_WORDS = 8
HEADLINE_COST = 20
LEAST_REPEAT = 8
LEAST_INSIDE = 14
LEAST_ANNOUNCEMENT = 4
NEIGHBOURHOOD = 3
DOUBTFUL_RULES = frozenset(("service",))


def body_rules(blocks: Sequence[Block]) -> list[str | None]:
    """For each block the name of the rule that drops it, or None where it is body text."""
    known = [furniture_rule(block.text, block.shape) for block in blocks]
    repeats = set(_repeats(blocks, known))
    weights = [0.0 if at in repeats else _weight(block.shape, known[at]) for at, block in enumerate(blocks)]
    start, end = _heaviest(weights)
    rules = list(known)
    for at, block in enumerate(blocks):
        if at in repeats:
            rules[at] = "repeat"
        elif not start <= at < end:
            rules[at] = known[at] or _outside_rule(block.shape, before=at < start)
        elif known[at] is None:
            rules[at] = _inside_rule(block)
        elif known[at] in DOUBTFUL_RULES and _among_prose(blocks[max(at - 1, start) : at + 2], known[max(at - 1, start) : at + 2]):
            rules[at] = None
    return rules


def _repeats(blocks: Sequence[Block], rules: Sequence[str | None]) -> Iterator[int]:
    """Blocks of prose that stood in the source before, word for word."""
    seen: set[str] = set()
    for at, block in enumerate(blocks):
        if rules[at] is None and block.shape.words >= LEAST_REPEAT and is_prose(block.shape):
            if block.text in seen:
                yield at
            seen.add(block.text)


def is_prose(shape: Shape) -> bool:
    """Whether a block is built like a paragraph of running text, whatever stands around it."""
    if shape.ends:
        return shape.words >= LEAST_SENTENCE and shape.lower >= LEAST_LOWER
    return shape.words >= LEAST_UNENDED and shape.lower >= LEAST_LOWER


def is_short_sentence(shape: Shape) -> bool:
    """Whether a block could be a short paragraph, such as a line of speech, if it stands among prose."""
    return shape.ends and shape.words > 1


def _weight(shape: Shape, rule: str | None) -> float:
    if rule is not None:
        return -COSTS.get(rule, FURNITURE_COST)
    if is_prose(shape):
        return min(shape.words, MOST_WEIGHT) * (1 if shape.ends else UNENDED_FACTOR)
    if is_short_sentence(shape):
        return shape.words * SHORT_FACTOR
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


def _inside_rule(block: Block) -> str | None:
    shape = block.shape
    if is_prose(shape) or is_short_sentence(shape) or _leads_on(block):
        return None
    return "list" if shape.bullet else "subhead"


def _leads_on(block: Block) -> bool:
    """Whether a block without a full stop is text all the same: long, in lower case, or announcing what follows."""
    shape = block.shape
    least = LEAST_ANNOUNCEMENT if block.text.endswith(":") else LEAST_INSIDE
    return not shape.bullet and shape.words >= least and shape.lower >= LEAST_LOWER


def _among_prose(blocks: Sequence[Block], rules: Sequence[str | None]) -> bool:
    """Whether the middle one of three blocks, and the two around it, are prose that no other rule knows."""
    return len(blocks) == NEIGHBOURHOOD and all(
        is_prose(block.shape) and (rule is None or rule in DOUBTFUL_RULES) for block, rule in zip(blocks, rules, strict=True)
    )


def _outside_rule(shape: Shape, *, before: bool) -> str:
    if shape.bullet:
        return "menu"
    return "header" if before else "footer"
