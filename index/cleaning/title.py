"""The headline: the block above the body that is built like one, nearest to it, said again elsewhere, longest.

It does not invent: a body with nothing like a headline above it has no title.
"""

from collections import Counter
from collections.abc import Iterator

from index.cleaning.page import Found, Page, found_in
from index.cleaning.shape import bullet_size

MOST_ABOVE = 40
FEWEST_WORDS, MOST_WORDS = 3, 30
ENOUGH_WORDS = 8
REPEAT_BONUS = 6
DISTANCE_COST = 1.0
CANDIDATE_RULES = frozenset(("header", "repeat", "subhead"))
# Blocks that stand between a headline and its body without making it any farther.
PASSED_RULES = frozenset(("stamp", "byline", "credit", "share", "caption", "debris"))


def find_title(page: Page) -> Found | None:
    """The headline of the body, or None."""
    copies = Counter(block.text for block in page.blocks)
    best: Found | None = None
    best_score = 0.0
    for at, distance in _candidates(page):
        block = page.blocks[at]
        score = (
            min(block.shape.words, ENOUGH_WORDS) - DISTANCE_COST * distance + REPEAT_BONUS * (copies[block.text] > 1)
        )
        if score > best_score:
            best_score, best = score, found_in(page, at, block.text[bullet_size(block.text) :])
    return best or _only_line_above(page)


def _candidates(page: Page) -> Iterator[tuple[int, int]]:
    distance = 0
    for at in page.before(MOST_ABOVE):
        if page.rules[at] in CANDIDATE_RULES and _is_headline(page, at):
            yield at, distance
        distance += page.rules[at] not in PASSED_RULES


def _is_headline(page: Page, at: int) -> bool:
    block = page.blocks[at]
    heading = not block.shape.bullet or block.text.startswith("#")
    return heading and FEWEST_WORDS <= block.shape.words <= MOST_WORDS and not block.text.endswith((".", ":", ",", ";"))


def _only_line_above(page: Page) -> Found | None:
    """A headline of a word or two, if it is all that stands above the body."""
    block = page.blocks[0]
    if page.first == 1 and page.rules[0] == "header" and block.shape.words and not block.text.endswith((".", ":")):
        return found_in(page, 0, block.text[bullet_size(block.text) :])
    return None
