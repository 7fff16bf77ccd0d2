"""Recognition of boilerplate by its words: notices, share lines, captions, credits, timestamps.

`text_body` and `html_body` recognise other boilerplate by the features and the neighbours of a block. The English
patterns search only the first 400 and the last 160 characters of a block. Articles have words of notices too: a
sentence that reports ("..., the court ruled") is none, unless it is a notice by its form.
"""

import re

from wherefrom.index.cleaning import boilerplate_phrases
from wherefrom.index.cleaning.block_features import BlockFeatures, is_prose
from wherefrom.index.cleaning.languages.phrases import furniture_rule
from wherefrom.index.cleaning.timestamps import is_timestamp

HEAD_CHARACTERS, TAIL_CHARACTERS = 400, 160
MAX_HEADING_WORDS = 7
MAX_CAPTION_WORDS = 90
MAX_PROMOTION_WORDS = 45
# In order of precedence: rule, pattern, maximum words of a block, whether the block may end a sentence.
RULES: tuple[tuple[str, re.Pattern[str], int, bool], ...] = (
    ("byline", boilerplate_phrases.BYLINE, 14, False),
    ("copyright", boilerplate_phrases.COPYRIGHT, 60, True),
    ("notice", boilerplate_phrases.NOTICE, 70, True),
    ("share", boilerplate_phrases.SHARE, 12, False),
    ("invitation", boilerplate_phrases.INVITATION, 45, True),
    ("caption", boilerplate_phrases.CAPTION_HEAD, MAX_CAPTION_WORDS, True),
    ("credit", boilerplate_phrases.CREDIT, 60, True),
    ("teaser", boilerplate_phrases.TEASER, 40, True),
    ("service", boilerplate_phrases.SERVICE, 30, True),
    ("promotion", boilerplate_phrases.PROMOTION, MAX_PROMOTION_WORDS, True),
    ("debris", boilerplate_phrases.DEBRIS, 10**9, True),
)
# Rules that do not apply to sentences that report.
RULES_OF_NOTICES = frozenset(("copyright", "notice", "invitation", "credit", "teaser", "service"))
# Smallest share of debris marks in code. Prose has about one in a hundred characters, JSON one in ten.
MIN_DEBRIS_SHARE = 0.12
DEBRIS_MARKS = frozenset("{}[]<>;=\\|_")


def boilerplate_rule(text: str, features: BlockFeatures) -> str | None:
    """Return the rule that recognises a block as boilerplate, or `None`."""
    if features.words == 0:
        return "debris"
    head = text[:HEAD_CHARACTERS]
    could_be_heading = features.words <= MAX_HEADING_WORDS and not features.ends_sentence
    if could_be_heading and boilerplate_phrases.BOILERPLATE_HEADING.match(head):
        return "furniture-heading"
    if is_timestamp(text, features.words):
        return "stamp"
    for rule, pattern, max_words, may_end_sentence in RULES:
        applies = features.words <= max_words and (may_end_sentence or not features.ends_sentence)
        if applies and pattern.search(head) and not (rule in RULES_OF_NOTICES and _is_report(head, features)):
            return rule
    if features.words <= MAX_CAPTION_WORDS and boilerplate_phrases.CAPTION_TAIL.search(text[-TAIL_CHARACTERS:]):
        return "caption"
    phrase_rule = furniture_rule(text, features.words, ends_sentence=features.ends_sentence)
    if phrase_rule and _is_report(head, features):
        phrase_rule = None
    return phrase_rule or ("debris" if _is_debris(text) else None)


def is_promotion(text: str, features: BlockFeatures) -> bool:
    """Return whether a block promotes the newsroom or its offers, regardless of other rules."""
    return features.words <= MAX_PROMOTION_WORDS and bool(boilerplate_phrases.PROMOTION.search(text[:HEAD_CHARACTERS]))


def _is_report(head: str, features: BlockFeatures) -> bool:
    """Return whether a block is prose that says what happened or who said it, and does not speak for the page."""
    if not (features.ends_sentence and is_prose(features)):
        return False
    if boilerplate_phrases.COPYRIGHT_FORMULA.search(head) or boilerplate_phrases.LABEL.match(head):
        return False
    if boilerplate_phrases.ATTRIBUTION.search(head):
        return True
    return bool(boilerplate_phrases.EVENT.search(head)) and not boilerplate_phrases.NOTICE_WORDS.search(head)


def _is_debris(text: str) -> bool:
    """Return whether a block is code rather than prose, by its share of the punctuation of code."""
    marks = sum(1 for character in text if character in DEBRIS_MARKS)
    return marks > MIN_DEBRIS_SHARE * len(text)
