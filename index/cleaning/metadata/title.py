"""The headline: the block above the body that is built and placed like one.

Evidence for it is length, the same words elsewhere on the page, and a date or a byline right below; against it are
rivals between it and the body, a byline above it (captions stand there), and the look of a summary. It does not
invent: a body with nothing like a headline above it has no title.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wherefrom.index.cleaning.block_features import Shape
from wherefrom.index.cleaning.dates import find_dates
from wherefrom.index.cleaning.metadata.page import Found, Page, found_in

MOST_ABOVE = 45
FEWEST_WORDS, MOST_WORDS = 3, 30
ENOUGH_WORDS = 8
WORD_SCORE = 0.75
REPEATED, DATED_BELOW, RIVAL_BELOW, DATED_ABOVE, SUMMARY = 5.0, 3.0, -1.5, -2.5, -3.0
FEWEST_SUMMARY_WORDS, LEAST_SUMMARY_LOWER = 13, 0.7
HEADING_MARK = re.compile(r"^#{1,6} ")
NEAR = 3
LEAST_SCORE = 1.5
CANDIDATE_RULES = frozenset(("header", "repeat", "subhead"))
DATED_RULES = frozenset(("stamp", "byline"))
NO_HEADLINE = re.compile(
    r"^(?:by|author|posted|published|publish date|updated|last updated|written|source|image|photo|home ?[»>/|])\b"
    r"|[@»]|https?:|www\.|\d\d?:\d\d|\d[/.-]\d\d?[/.-](?:19|20)\d\d|\.{2,}$|^\(.*\)$|/$|^\d+\. "
    r"|\b(?:signed in|new window|sharing options|share panel|your (?:account|profile|homepage))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A block that could be the headline, and how much speaks for it."""

    at: int
    score: float


def find_title(page: Page) -> Found | None:
    """The headline of the body, or None."""
    candidates = _candidates(page)
    best = max(candidates, key=lambda candidate: candidate.score, default=None)
    if best is not None and best.score > LEAST_SCORE:
        return _found(page, best.at)
    if page.first == 1 and page.rules[0] == "header" and _could_be_short_title(page.blocks[0].text):
        return _found(page, 0)
    return None


def _found(page: Page, at: int) -> Found:
    text = page.blocks[at].text
    return found_in(page, at, HEADING_MARK.sub("", text))


def _candidates(page: Page) -> Sequence[Candidate]:
    candidates: list[Candidate] = []
    for at in page.before(MOST_ABOVE):
        if page.rules[at] in CANDIDATE_RULES and _is_headline(page, at):
            score = _score(page, at) + RIVAL_BELOW * len(candidates)
            candidates.append(Candidate(at=at, score=score))
    return candidates


def _score(page: Page, at: int) -> float:
    shape = page.blocks[at].shape
    score = min(shape.words, ENOUGH_WORDS) * WORD_SCORE
    score += REPEATED * _is_repeated(page, at)
    score += SUMMARY * _is_summary(shape)
    if _is_dated(page, range(at + 1, min(at + 1 + NEAR, page.first))):
        return score + DATED_BELOW
    return score + DATED_ABOVE * _is_dated(page, range(max(at - 2 * NEAR, 0), at))


def _is_headline(page: Page, at: int) -> bool:
    text, shape = page.blocks[at].text, page.blocks[at].shape
    if shape.bullet or not FEWEST_WORDS <= shape.words <= MOST_WORDS or text.endswith((".", ":", ",", ";")):
        return False
    return NO_HEADLINE.search(text) is None and next(find_dates(text), None) is None


def _is_summary(shape: Shape) -> bool:
    return shape.words >= FEWEST_SUMMARY_WORDS and shape.lower >= LEAST_SUMMARY_LOWER


def _is_repeated(page: Page, at: int) -> bool:
    """Whether another block above the body, or the first one after it, ends with the same words."""
    text = page.blocks[at].text
    if page.blocks[at].shape.words <= FEWEST_WORDS:
        return False
    return any(page.blocks[other].text.endswith(text) for other in page.before(2 * MOST_ABOVE) if other != at)


def _is_dated(page: Page, places: range) -> bool:
    """Whether a date or a byline stands at one of these places."""
    return any(
        page.rules[at] in DATED_RULES or next(find_dates(page.blocks[at].text[:200]), None) is not None for at in places
    )


def _could_be_short_title(text: str) -> bool:
    return NO_HEADLINE.search(text) is None and any(map(str.isalpha, text)) and not text.endswith((".", ":", ",", ";"))
