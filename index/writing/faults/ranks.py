"""Faults in ranks: "largest" for "second largest", "third" for "third from last", "first" for "first since 2010". Pure.

A rank is an ordinal number or a superlative, with its reference: another superlative, an end, or a time.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from wherefrom.index.writing.alignment import AlignedSentence
from wherefrom.index.writing.english import english
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import Word

ORDINAL = re.compile(r"#\d+th")
ENDS = frozenset(("last", "bottom", "end", "top", "back", "front", "rear", "final", "penultimate"))
SIDES = ENDS | {"left", "right", "behind"}
MAX_END_DISTANCE = 4
"""Maximum distance from an ordinal number to the end that it counts from: "third from the very bottom"."""
MAX_SCOPE_DISTANCE = 6
"""Maximum distance from a rank to the start of its period: "the highest level of unemployment since 2010"."""
MAX_TIME_WORDS = 4
"""Maximum distance from "since" or "in" to the end of the period: "in nearly ten years"."""
MAX_OF_DISTANCE = 5
"""Maximum distance of "one of" before a superlative: "one of the country's largest"."""
MAX_EXCEPTION_DISTANCE = 4
"""Maximum distance from a superlative to its exception: "the tallest tower but one"."""
MIN_SUPERLATIVE = 5
PERIODS = frozenset(("years", "decades", "months", "weeks", "days", "decade", "century", "centuries"))


def rank_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield faults for ranks that differ from the passage's in their reference, position or period."""
    words, source = sentence.words, sentence.source.words
    for pair in sentence.pairs:
        if not _is_rank(words, pair.word) and not _is_rank(source, pair.source):
            continue
        own, there = _rank(words, pair.word), _rank(source, pair.source)
        if own != there:
            shown = [" ".join(each) or "no rank" for each in (own, there)]
            yield Fault(
                check="numbers", detail=f"{words[pair.word].text!r} is {shown[0]!r}, in the passage {shown[1]!r}"
            )
        scope = _scope(source, pair.source)
        if scope is not None and not sentence.is_taken(scope):
            text = source[scope].text
            yield Fault(check="dates", detail=f"leaves out {text!r}, from when {words[pair.word].text!r} counts")


def _is_rank(words: Sequence[Word], position: int) -> bool:
    return _is_ordinal(words[position]) or _is_superlative(words[position])


def _is_ordinal(word: Word) -> bool:
    return word.kind == "content" and ORDINAL.fullmatch(word.key) is not None


def _is_superlative(word: Word) -> bool:
    if word.kind != "content" or (word.capital and not word.initial):
        return False
    if word.lower in ENDS or word.lower in ("most", "least", "best", "worst"):
        return True
    return word.lower.endswith("est") and len(word.lower) >= MIN_SUPERLATIVE and word.lower not in english().positives


def _rank(words: Sequence[Word], position: int) -> tuple[str, ...]:
    """Return the reference of a rank: the ordinal before a superlative, the superlative or end after an ordinal."""
    word = words[position]
    if _is_ordinal(word):
        return _counted_from(words, position)
    before = words[position - 1] if position else None
    if before is not None and _is_ordinal(before):
        return (before.key,)
    if position > 1 and words[position - 1].lower == "the" and _is_ordinal_from(words, position - 1):
        return ("from",)
    if _is_ordinal_from(words, position):
        return ("from",)
    for at in range(position + 1, min(position + MAX_EXCEPTION_DISTANCE, len(words) - 1)):
        if words[at].lower in ("but", "bar") and words[at + 1].kind == "number":
            return ("but", words[at + 1].key)
    return ("one of",) if _is_one_of(words, position) else ()


def _is_ordinal_from(words: Sequence[Word], position: int) -> bool:
    """Return whether an ordinal number with "from" or "to" precedes a position: "third from", "second to"."""
    if position < 2 or words[position - 1].lower not in ("from", "to"):  # noqa: PLR2004
        return False
    return _is_ordinal(words[position - 2]) or words[position - 2].lower == "next"


def _counted_from(words: Sequence[Word], position: int) -> tuple[str, ...]:
    following = words[position + 1 : position + 2]
    if following and _is_superlative(following[0]):
        return (following[0].lower,)
    for at in range(position + 1, min(position + 3, len(words))):
        if words[at].lower in ("from", "to"):
            near = words[at + 1 : at + MAX_END_DISTANCE]
            end = next((word.lower for word in near if word.lower in SIDES), None)
            return ("from", end) if end else ()
    return ()


def _is_one_of(words: Sequence[Word], position: int) -> bool:
    start = max(position - MAX_OF_DISTANCE, 0)
    before = [word.lower for word in words[start:position]]
    return ("one", "of") in pairwise(before) and not any(word.kind == "mark" for word in words[start:position])


def _scope(words: Sequence[Word], position: int) -> int | None:
    """Return the position of the first word of a rank's period: "since 2010", "in ten years"; `None` without one."""
    for at in range(position + 1, min(position + MAX_SCOPE_DISTANCE, len(words) - 1)):
        word = words[at]
        if word.sentence != words[position].sentence or word.kind == "mark":
            return None
        near = range(at + 1, min(at + MAX_TIME_WORDS, len(words)))
        if word.lower == "since":
            return next((each for each in near if words[each].counts), None)
        if word.lower == "in":
            period = next((each for each in near if words[each].lower in PERIODS), None)
            if period is not None:
                return period
    return None
