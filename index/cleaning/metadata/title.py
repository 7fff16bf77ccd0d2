"""The headline of a text: the block above the body with the form, the position and the words of one.

The strongest evidence is a line that repeats the beginning of the first line. Otherwise evidence for a block is its
length, the words that it shares with the body, the same words elsewhere above the body, and a date or a byline just
below it. Evidence against it is a date or a byline above it (as above captions and teasers), other candidates between
it and the body, and the form of a summary. A body without a likely headline above it has no title.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from wherefrom.index.cleaning.block_features import UNSPACED, BlockFeatures
from wherefrom.index.cleaning.body.dated_headline import HEAD_CHARACTERS, is_date_line, is_dated
from wherefrom.index.cleaning.body.first_line import WORD, find_repeated_head, first_line_heads, without_site
from wherefrom.index.cleaning.boilerplate_phrases import BYLINE, CAPTION_TAIL, PAGE_LABEL
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page, find_in_block
from wherefrom.index.text.dates import find_dates

MAX_BLOCKS_ABOVE = 45
MIN_WORDS, MAX_WORDS = 3, 30
MAX_COUNTED_WORDS = 8
SCORE_PER_WORD = 0.5
REPEATED_SCORE = 4.0
DATED_BELOW_SCORE = 3.0
DATED_ABOVE_SCORE = -4.0
RIVAL_BELOW_SCORE = -1.0
SUMMARY_SCORE = -3.0
# The score of a block all of whose words occur in the body, and the amount that is added to every score.
SHARED_SCORE, UNSHARED_SCORE = 5.0, -2.0
MIN_SUMMARY_WORDS, MIN_SUMMARY_LOWERCASE_SHARE = 13, 0.7
HEADING_MARK = re.compile(r"^#{1,6} ")
NEAR_BLOCKS = 3
FAR_BLOCKS = 8
# Between a headline and its date: names and labels of at most this many words, and this many longer blocks.
MAX_LABEL_WORDS, MAX_LONG_BLOCKS_BETWEEN = 4, 2
MIN_SCORE = 2.0
# With more blocks above the body, some are menus, and the position alone does not show a headline.
MAX_PLAIN_BLOCKS_ABOVE = 8
BODY_CHARACTERS = 6_000
# Smallest share of words in common with a first line such as "Headline | Site" that no line repeats.
MIN_SHARED_WITH_FIRST_LINE = 0.3
# Smallest share of the words of a headline in the body; a block in the position of a headline needs less.
MIN_SHARED_WITH_BODY, MIN_SHARED_IN_PLACE = 0.6, 0.3
STEM_CHARACTERS = 5
MIN_STEM_CHARACTERS = 3
CANDIDATE_RULES = frozenset(("header", "repeat", "subhead"))
NOT_A_HEADLINE = re.compile(
    r"^(?:by|author|posted|published|publish date|updated|last updated|written|source|image|photo|home ?[»>/|])\b"
    r"|[@»]|https?:|www\.|\d\d?:\d\d|\d[/.-]\d\d?[/.-](?:19|20)\d\d|\.\.$|^\(.*\)$|/$|^\d+\. |^o "
    r"|\b(?:signed in|new window|sharing options|share panel|your (?:account|profile|homepage))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A block that may be the headline, with its score; higher is better."""

    index: int
    score: float


def find_title(page: Page) -> MetadataMatch | None:
    """Return the headline of the body, or `None`."""
    repeated = find_repeated_head(page.blocks)
    if repeated is not None and page.blocks[repeated].features.words <= MAX_WORDS:
        return _title_in(page, repeated)
    best = max(_candidates(page), key=lambda candidate: candidate.score, default=None)
    if best is not None and best.score > MIN_SCORE:
        return _title_in(page, best.index)
    is_first = all(_is_byline_or_date(page, index) for index in range(1, page.first_body))
    if is_first and page.first_body and page.rules[0] == "header" and _could_be_short_title(page.blocks[0].text):
        return _title_in(page, 0)
    return None


def _is_byline_or_date(page: Page, index: int) -> bool:
    block = page.blocks[index]
    return is_dated(block, page.rules[index]) or BYLINE.match(block.text) is not None


def _title_in(page: Page, index: int) -> MetadataMatch:
    text = HEADING_MARK.sub("", page.blocks[index].text)
    return find_in_block(page, index, without_site(text) if index == 0 else text)


def _candidates(page: Page) -> list[Candidate]:
    candidates: list[Candidate] = []
    body = _stems(" ".join(block.text for block in page.body(BODY_CHARACTERS)))
    is_plain = page.first_body <= MAX_PLAIN_BLOCKS_ABOVE
    heads = list(first_line_heads(page.blocks))[1:]
    named = _stems(heads[0]) if heads and not is_plain else frozenset()
    rivals = 0
    for index in page.blocks_above(MAX_BLOCKS_ABOVE):
        if page.rules[index] in CANDIDATE_RULES and _could_be_headline(page, index):
            score, certain = _score(page, index, body)
            own = _stems(page.blocks[index].text)
            is_named = not named or max(_shared(own, named), _shared(named, own)) >= MIN_SHARED_WITH_FIRST_LINE
            if is_plain or (certain and is_named):
                candidates.append(Candidate(index=index, score=score + RIVAL_BELOW_SCORE * rivals))
            rivals += 1
    return candidates


def _score(page: Page, index: int, body: AbstractSet[str]) -> tuple[float, bool]:
    """Return the score of a block, and whether its position or its words show that it is a headline."""
    text, features = page.blocks[index].text, page.blocks[index].features
    repeated = _is_repeated(page, index)
    dated = _is_dated_below(page, index)
    after_date = not dated and _is_below_dated_headline(page, index)
    shared = _shared(_stems(text), body)
    score = min(features.words, MAX_COUNTED_WORDS) * SCORE_PER_WORD
    score += REPEATED_SCORE * repeated + SUMMARY_SCORE * _is_summary(features)
    score += SHARED_SCORE * shared + UNSHARED_SCORE
    score += DATED_BELOW_SCORE * dated + DATED_ABOVE_SCORE * after_date
    speaks_of_body = shared >= MIN_SHARED_WITH_BODY and features.words > MIN_WORDS and not after_date
    is_placed = (dated or index == page.first_body - 1) and shared >= MIN_SHARED_IN_PLACE
    return score, repeated or is_placed or speaks_of_body or HEADING_MARK.match(text) is not None


def _shared(stems: AbstractSet[str], others: AbstractSet[str]) -> float:
    """Return the share of the stems that are in `others`, 0 without stems."""
    return len(stems & others) / len(stems) if stems else 0.0


def _stems(text: str) -> frozenset[str]:
    """Return the first letters of the words of a text in lower case; in scripts without spaces, pairs of characters."""
    content = text.casefold()
    words = {word[:STEM_CHARACTERS] for word in WORD.findall(content) if len(word) >= MIN_STEM_CHARACTERS}
    if not UNSPACED.search(content):
        return frozenset(words)
    return frozenset(content[at : at + 2] for at in range(len(content) - 1) if UNSPACED.match(content[at]))


def _could_be_headline(page: Page, index: int) -> bool:
    text, features = page.blocks[index].text, page.blocks[index].features
    if features.is_bullet or not MIN_WORDS <= features.words <= MAX_WORDS or text.endswith((".", ":", ",", ";")):
        return False
    if NOT_A_HEADLINE.search(text) or PAGE_LABEL.search(text) or CAPTION_TAIL.search(text):
        return False
    if is_date_line(page.blocks[index]):
        return False
    return next(find_dates(text), None) is None


def _is_summary(features: BlockFeatures) -> bool:
    return features.words >= MIN_SUMMARY_WORDS and features.lowercase_share >= MIN_SUMMARY_LOWERCASE_SHARE


def _is_repeated(page: Page, index: int) -> bool:
    """Return whether another block above the body ends with the same words."""
    text = page.blocks[index].text
    if page.blocks[index].features.words <= MIN_WORDS:
        return False
    others = page.blocks_above(2 * MAX_BLOCKS_ABOVE)
    return any(page.blocks[other].text.endswith(text) for other in others if other != index)


def _is_dated_below(page: Page, index: int) -> bool:
    """Return whether a date or a byline is near below a block, with little but names and labels between them."""
    long_blocks = 0
    for below in range(index + 1, min(index + 1 + FAR_BLOCKS, page.first_body)):
        if _has_date(page, below):
            return True
        long_blocks += page.blocks[below].features.words > MAX_LABEL_WORDS
        if long_blocks > MAX_LONG_BLOCKS_BETWEEN:
            return False
    return False


def _is_below_dated_headline(page: Page, index: int) -> bool:
    """Return whether a date or a byline is above a block, with a possible headline of its own above it.

    A date without such a headline belongs to the page, such as a clock.
    """
    for above in range(index - 1, max(index - 1 - FAR_BLOCKS, 0), -1):
        if _has_date(page, above):
            heads = range(max(above - NEAR_BLOCKS, 0), above)
            return any(page.rules[head] in CANDIDATE_RULES and _could_be_headline(page, head) for head in heads)
    return False


def _has_date(page: Page, index: int) -> bool:
    block = page.blocks[index]
    return is_dated(block, page.rules[index]) or next(find_dates(block.text[:HEAD_CHARACTERS]), None) is not None


def _could_be_short_title(text: str) -> bool:
    has_letter = any(map(str.isalpha, text))
    return NOT_A_HEADLINE.search(text) is None and has_letter and not text.endswith((".", ":", ",", ";"))
