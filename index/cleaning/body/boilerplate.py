"""Which rule knows a block for furniture by its own words: a notice, a share line, a caption, a credit, a stamp.

What has no such words is left to the evidence of shape and neighbours. Only the first 400 and the last 160
characters of a block are read.
"""

import re

from wherefrom.index.cleaning import boilerplate_phrases
from wherefrom.index.cleaning.block_features import Shape
from wherefrom.index.cleaning.dates import is_stamp

HEAD, TAIL = 400, 160
HEADING_MOST_WORDS = 7
CAPTION_MOST_WORDS = 90
# In the order they are asked: rule, pattern, the most words a block may have, whether it may end as a sentence.
RULES: tuple[tuple[str, re.Pattern[str], int, bool], ...] = (
    ("byline", boilerplate_phrases.BYLINE, 14, False),
    ("copyright", boilerplate_phrases.COPYRIGHT, 60, True),
    ("notice", boilerplate_phrases.NOTICE, 70, True),
    ("share", boilerplate_phrases.SHARE, 12, False),
    ("invitation", boilerplate_phrases.INVITATION, 45, True),
    ("caption", boilerplate_phrases.CAPTION_HEAD, CAPTION_MOST_WORDS, True),
    ("credit", boilerplate_phrases.CREDIT, 60, True),
    ("teaser", boilerplate_phrases.TEASER, 40, True),
    ("service", boilerplate_phrases.SERVICE, 30, True),
    ("debris", boilerplate_phrases.DEBRIS, 10**9, True),
)
# A line of prose has about one mark in a hundred characters, a line of JSON one in ten.
DEBRIS_LEAST = 0.12
DEBRIS_MARKS = frozenset("{}[]<>;=\\|_")


def furniture_rule(text: str, shape: Shape) -> str | None:
    """The name of the rule that knows this block for furniture, or None."""
    if shape.words == 0:
        return "debris"
    if shape.words <= HEADING_MOST_WORDS and not shape.ends and boilerplate_phrases.HEADING.match(text[:HEAD]):
        return "furniture-heading"
    if is_stamp(text, shape.words):
        return "stamp"
    head = text[:HEAD]
    for rule, pattern, most_words, sentence in RULES:
        if shape.words <= most_words and (sentence or not shape.ends) and pattern.search(head):
            return rule
    if shape.words <= CAPTION_MOST_WORDS and boilerplate_phrases.CAPTION_TAIL.search(text[-TAIL:]):
        return "caption"
    return "debris" if _is_debris(text) else None


def _is_debris(text: str) -> bool:
    """Whether a block is program text rather than language, by the marks in it."""
    marks = sum(1 for character in text if character in DEBRIS_MARKS)
    return marks > DEBRIS_LEAST * len(text)
