"""Splits the text of a paragraph into sentences.

The boundaries are those of sentencex, and the full stops of Khmer and Tibetan, which it does not know. Boundaries
before a lower-case word, before a bare credit such as "(Yonhap)", after a title such as "Dr.", and between the day and
the month of "4. Mai" are ignored.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from wherefrom.index.text.local_dates import is_month_name

CREDIT = re.compile(r"\([^()]{1,40}\)\W*")
ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'\u201c\u2018])(?:Dr|Mr|Mrs|Ms|Prof|Gen|Col|Lt|Capt|Sgt|Sen|Rep|Gov|Rev|St|Hon|Adm|vs)\.$"
)
OTHER_FULL_STOP = re.compile("[\u17d4\u17d5\u0f0d\u0f0e]+[\\s\u200b]*")
DAY = re.compile(r"(?<![\w.,])(?:0?[1-9]|[12]\d|3[01])\.$")
# In English, which writes no full stop after a day, these are words and names that begin a sentence: "Article 50. May".
ENGLISH_MONTHS = frozenset(("January", "February", "March", "May", "June", "July", "October", "December"))
LETTERS = re.compile(r"[^\W\d_]+")
MAX_ABBREVIATION_CHARACTERS = 12
WORD = re.compile(r"\w")
# In scripts without spaces, the time of sentencex 1.0 is quadratic in the length of the text: 2 s for 88,000 characters
# of Chinese, 5 ms for this many.
WINDOW_CHARACTERS = 4000


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of `text` as (start, end), in order; together they cover all but the white space between."""
    sentences: list[tuple[int, int]] = []
    for start, end in _ranges(text):
        if sentences and _continues(text, sentences[-1], start, end):
            sentences[-1] = (sentences[-1][0], end)
        else:
            sentences.append((start, end))
    return tuple(sentences)


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges between boundaries, without the white space around them."""
    for start, end in pairwise([0, *_boundaries(text), len(text)]):
        content = text[start:end]
        size = len(content.strip())
        if size:
            indent = len(content) - len(content.lstrip())
            yield start + indent, start + indent + size


def _boundaries(text: str) -> Iterator[int]:
    """Yield the starts of sentences, window by window.

    A window begins at the last boundary of the previous one, whose last sentence may have been cut.
    """
    start = 0
    while start < len(text):
        boundaries = sentencex.get_sentence_boundaries("en", text[start : start + WINDOW_CHARACTERS])
        starts = sorted({start + boundary["start_index"] for boundary in boundaries} - {start})
        if OTHER_FULL_STOP.search(text, start, start + WINDOW_CHARACTERS):
            others = OTHER_FULL_STOP.finditer(text, start, start + WINDOW_CHARACTERS)
            starts = sorted({*starts, *(match.end() for match in others)} - {start})
        yield from starts
        is_last = start + WINDOW_CHARACTERS >= len(text)
        start = len(text) if is_last else starts[-1] if starts else start + WINDOW_CHARACTERS


def _continues(text: str, previous: tuple[int, int], start: int, end: int) -> bool:
    """Return whether the range from `start` to `end` continues the previous sentence."""
    if text[start].islower() or WORD.search(text, start, end) is None or CREDIT.fullmatch(text, start, end):
        return True
    tail = text[max(previous[0], previous[1] - MAX_ABBREVIATION_CHARACTERS) : previous[1]]
    if DAY.search(tail) and (name := LETTERS.match(text, start, end)):
        return name[0] not in ENGLISH_MONTHS and is_month_name(name[0])
    return ABBREVIATION.search(tail) is not None
