"""A paragraph's text to sentences.

The boundaries are sentencex's, repaired where it breaks too often: before a word in lower case, before a bare
credit such as "(Yonhap)", after a title such as "Dr.".
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

CREDIT = re.compile(r"\([^()]{1,40}\)\W*")
ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'\u201c\u2018])(?:Dr|Mr|Mrs|Ms|Prof|Gen|Col|Lt|Capt|Sgt|Sen|Rep|Gov|Rev|St|Hon|Adm|vs)\.$"
)
LONGEST_ABBREVIATION = 12
WORD = re.compile(r"\w")
# sentencex 1.0 takes time that grows with the square of a text's length where words are not spaced: 2 s at 88,000
# characters of Chinese, 5 ms at this many.
WINDOW = 4000


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Ranges of `text` that tile it except for the white space between them; one at least for any text."""
    sentences: list[tuple[int, int]] = []
    for start, end in _pieces(text):
        if sentences and _belongs(text, sentences[-1], start, end):
            sentences[-1] = (sentences[-1][0], end)
        else:
            sentences.append((start, end))
    return tuple(sentences)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The ranges between boundaries, without the white space around them."""
    for start, end in pairwise([0, *_boundaries(text), len(text)]):
        piece = text[start:end]
        size = len(piece.strip())
        if size:
            lead = len(piece) - len(piece.lstrip())
            yield start + lead, start + lead + size


def _boundaries(text: str) -> Iterator[int]:
    """Where the library begins a sentence, window by window; the last of a window is asked for again in the next."""
    start = 0
    while start < len(text):
        found = sentencex.get_sentence_boundaries("en", text[start : start + WINDOW])
        cuts = sorted({start + boundary["start_index"] for boundary in found} - {start})
        yield from cuts
        at_end = start + WINDOW >= len(text)
        start = len(text) if at_end else cuts[-1] if cuts else start + WINDOW


def _belongs(text: str, before: tuple[int, int], start: int, end: int) -> bool:
    """Whether the piece from `start` to `end` is no sentence of its own but the end of the one before."""
    if text[start].islower() or WORD.search(text, start, end) is None or CREDIT.fullmatch(text, start, end):
        return True
    tail = text[max(before[0], before[1] - LONGEST_ABBREVIATION) : before[1]]
    return ABBREVIATION.search(tail) is not None
