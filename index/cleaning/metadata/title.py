"""The headline of a text: the block above the body that is built and placed like one.

Evidence for a block is its length, the same words elsewhere on the page, and a date or a byline right below it.
Evidence against it are other candidates between it and the body, a byline above it (captions stand there), and being
built like a summary. A body with nothing like a headline above it has no title.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wherefrom.index.cleaning.block_features import BlockFeatures
from wherefrom.index.cleaning.dates import find_dates
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page, find_in_block

MAX_BLOCKS_ABOVE = 45
MIN_WORDS, MAX_WORDS = 3, 30
MAX_COUNTED_WORDS = 8
SCORE_PER_WORD = 0.75
REPEATED_SCORE = 5.0
DATED_BELOW_SCORE = 3.0
RIVAL_BELOW_SCORE = -1.5
DATED_ABOVE_SCORE = -2.5
SUMMARY_SCORE = -3.0
MIN_SUMMARY_WORDS, MIN_SUMMARY_LOWERCASE_SHARE = 13, 0.7
HEADING_MARK = re.compile(r"^#{1,6} ")
NEAR_BLOCKS = 3
MIN_SCORE = 1.5
CANDIDATE_RULES = frozenset(("header", "repeat", "subhead"))
DATED_RULES = frozenset(("stamp", "byline"))
NOT_A_HEADLINE = re.compile(
    r"^(?:by|author|posted|published|publish date|updated|last updated|written|source|image|photo|home ?[»>/|])\b"
    r"|[@»]|https?:|www\.|\d\d?:\d\d|\d[/.-]\d\d?[/.-](?:19|20)\d\d|\.\.$|^\(.*\)$|/$|^\d+\. "
    r"|\b(?:signed in|new window|sharing options|share panel|your (?:account|profile|homepage))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A block that could be the headline, with its score; higher is better."""

    index: int
    score: float


def find_title(page: Page) -> MetadataMatch | None:
    """Return the headline of the body, or `None`."""
    candidates = _candidates(page)
    best = max(candidates, key=lambda candidate: candidate.score, default=None)
    if best is not None and best.score > MIN_SCORE:
        return _title_in(page, best.index)
    if page.first_body == 1 and page.rules[0] == "header" and _could_be_short_title(page.blocks[0].text):
        return _title_in(page, 0)
    return None


def _title_in(page: Page, index: int) -> MetadataMatch:
    return find_in_block(page, index, HEADING_MARK.sub("", page.blocks[index].text))


def _candidates(page: Page) -> Sequence[Candidate]:
    candidates: list[Candidate] = []
    for index in page.blocks_above(MAX_BLOCKS_ABOVE):
        if page.rules[index] in CANDIDATE_RULES and _could_be_headline(page, index):
            score = _score(page, index) + RIVAL_BELOW_SCORE * len(candidates)
            candidates.append(Candidate(index=index, score=score))
    return candidates


def _score(page: Page, index: int) -> float:
    features = page.blocks[index].features
    score = min(features.words, MAX_COUNTED_WORDS) * SCORE_PER_WORD
    score += REPEATED_SCORE * _is_repeated(page, index)
    score += SUMMARY_SCORE * _is_summary(features)
    if _is_dated(page, range(index + 1, min(index + 1 + NEAR_BLOCKS, page.first_body))):
        return score + DATED_BELOW_SCORE
    return score + DATED_ABOVE_SCORE * _is_dated(page, range(max(index - 2 * NEAR_BLOCKS, 0), index))


def _could_be_headline(page: Page, index: int) -> bool:
    text, features = page.blocks[index].text, page.blocks[index].features
    if features.is_bullet or not MIN_WORDS <= features.words <= MAX_WORDS or text.endswith((".", ":", ",", ";")):
        return False
    return NOT_A_HEADLINE.search(text) is None and next(find_dates(text), None) is None


def _is_summary(features: BlockFeatures) -> bool:
    return features.words >= MIN_SUMMARY_WORDS and features.lowercase_share >= MIN_SUMMARY_LOWERCASE_SHARE


def _is_repeated(page: Page, index: int) -> bool:
    """Return whether another block above the body ends with the same words."""
    text = page.blocks[index].text
    if page.blocks[index].features.words <= MIN_WORDS:
        return False
    others = page.blocks_above(2 * MAX_BLOCKS_ABOVE)
    return any(page.blocks[other].text.endswith(text) for other in others if other != index)


def _is_dated(page: Page, indices: range) -> bool:
    """Return whether one of these blocks has a date or a byline."""
    return any(
        page.rules[index] in DATED_RULES or next(find_dates(page.blocks[index].text[:200]), None) is not None
        for index in indices
    )


def _could_be_short_title(text: str) -> bool:
    has_letter = any(map(str.isalpha, text))
    return NOT_A_HEADLINE.search(text) is None and has_letter and not text.endswith((".", ":", ",", ";"))
